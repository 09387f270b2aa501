#!/usr/bin/env python3
"""Writes the reference numbers of the tests with PyTorch (needs torch, numpy, safetensors; not part of the test run).

    python3 Scripts/reference/make_goldens.py

Everything is computed in double precision and stored as float32. Inputs and weights follow a formula that the tests compute too: value i of a tensor, in PyTorch's order,
is scale * sin(0.37 * i + phase). Of large gradients every 997th number is stored, with the sum of all and the sum of their squares.
"""
import os
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F
from safetensors.numpy import save_file
from peer_models import PaperCNN

torch.set_default_dtype(torch.float64)
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'Tests')

def formula(shape, phase, scale=1.0):
    values = scale * np.sin(0.37 * np.arange(int(np.prod(shape))) + phase)
    return torch.tensor(values.astype(np.float32).astype(np.float64).reshape(shape))

def scrambled(shape, phase, scale=1.0):
    """Like the formula, but without a period."""
    i = np.arange(int(np.prod(shape)), dtype=np.float64)
    values = scale * np.sin(0.37 * i + 0.011 * i * i + phase)
    return torch.tensor(values.astype(np.float32).astype(np.float64).reshape(shape))

def store(file, tensors):
    path = os.path.join(ROOT, file)
    save_file({k: np.ascontiguousarray(np.asarray(v.detach() if torch.is_tensor(v) else v, dtype=np.float32)) for k, v in tensors.items()},
              path, metadata={'torch': torch.__version__, 'numpy': np.__version__})
    print(file, os.path.getsize(path), 'bytes')

def paper_cnn():
    out = {}
    for name, channels, side in (('28x28x1', 1, 28), ('32x32x3', 3, 32)):
        net = PaperCNN(channels, side).eval()
        for index, (key, parameter) in enumerate(net.named_parameters()):
            fan = int(np.prod(parameter.shape[1:])) if parameter.dim() > 1 else 64
            parameter.data = formula(parameter.shape, 0.1 * index, 1 / np.sqrt(fan))
        images = formula((4, channels, side, side), 0.5).requires_grad_(True)
        labels = torch.tensor([3, 1, 4, 1])
        logits = net(images)
        scores = F.log_softmax(logits, 1).gather(1, labels[:, None]).sum()
        input_gradient, = torch.autograd.grad(scores, images, retain_graph=True)
        loss = F.cross_entropy(logits, labels)
        loss.backward()
        out[f'{name}.logits'], out[f'{name}.loss'] = logits, loss.reshape(1)
        out[f'{name}.input_gradient'] = input_gradient
        for key, parameter in net.named_parameters():
            g = parameter.grad.flatten()
            out[f'{name}.gradient.{key}'] = g if len(g) < 3000 else g[::997]
            out[f'{name}.sums.{key}'] = torch.stack([g.sum(), (g * g).sum()])
    store('SmootNNTests/Fixtures/paper_cnn.safetensors', out)

def transformer_value(name, shape, index):
    """Weights of a size that keeps activations near 1; the tests compute the same."""
    if 'norm' in name and name.endswith('weight'): return 1 + scrambled(shape, 0.1 * index, 0.1)
    if len(shape) == 1 or name in ('cls_token', 'pos_embed'): return scrambled(shape, 0.1 * index, 0.1)
    return scrambled(shape, 0.1 * index, 1.5 / np.sqrt(np.prod(shape[1:])))

def vision_transformers():
    from timm.models.vision_transformer import VisionTransformer
    out = {}
    for name, side, patch, batch in (('tiny32', 32, 4, 2), ('tiny224', 224, 16, 1)):
        net = VisionTransformer(img_size=side, patch_size=patch, embed_dim=192, depth=12, num_heads=3, num_classes=10).eval().double()
        for index, (key, parameter) in enumerate(net.named_parameters()): parameter.data = transformer_value(key, tuple(parameter.shape), index)
        images = scrambled((batch, 3, side, side), 0.5).requires_grad_(True)
        labels = torch.tensor([3, 1][:batch])
        logits = net(images)
        scores = F.log_softmax(logits, 1).gather(1, labels[:, None]).sum()
        input_gradient, = torch.autograd.grad(scores, images, retain_graph=True)
        loss = F.cross_entropy(logits, labels)
        loss.backward()
        out[f'{name}.logits'], out[f'{name}.loss'] = logits, loss.reshape(1)
        out[f'{name}.input_gradient'] = input_gradient.flatten()[::(1 if side == 32 else 97)]
        for key, parameter in net.named_parameters():
            g = parameter.grad.flatten()
            out[f'{name}.gradient.{key}'] = g if len(g) < 300 else g[::997]
    store('SmootNNTests/Fixtures/vision_transformer.safetensors', out)

def resnets():
    import torchvision
    out = {}
    # The images' phase is one where no argument of a ReLU comes so close to zero that rounding could open or close it; for the small one not that of Winograd's method either, as the least
    # argument is 3.5e-5.
    cases = (('resnet18', 'resnet18', 32, 4, 7.6), ('resnet50', 'resnet50', 112, 2, 4.7), ('small', 'resnet18', 16, 1, 10.6))
    for name, variant, side, batch, phase in cases:
        net = getattr(torchvision.models, variant)(num_classes=10)
        if side < 112: net.conv1, net.maxpool = nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.Identity()
        net = net.double()
        for index, (key, tensor) in enumerate(net.state_dict().items()):
            shape = tuple(tensor.shape)
            if key.endswith('tracked'): continue
            if key.endswith('running_var') or ('weight' in key and len(shape) == 1): tensor.copy_(1 + scrambled(shape, 0.1 * index, 0.1))
            elif len(shape) == 1: tensor.copy_(scrambled(shape, 0.1 * index, 0.1))
            else: tensor.copy_(scrambled(shape, 0.1 * index, 2 / np.sqrt(np.prod(shape[1:]))))
        images = scrambled((batch, 3, side, side), phase).requires_grad_(True)
        out[f'{name}.phase'] = [phase]
        labels = torch.tensor([3, 1, 4, 1][:batch])
        logits = net.eval()(images)
        scores = F.log_softmax(logits, 1).gather(1, labels[:, None]).sum()
        input_gradient, = torch.autograd.grad(scores, images, retain_graph=True)
        # In training the deep one multiplies rounding errors of float32 by thousands, PyTorch's too, and so does a single small image, whose last layers have four pixels.
        if name != 'resnet18': F.cross_entropy(logits, labels).backward()
        out[f'{name}.logits'], out[f'{name}.input_gradient'] = logits, input_gradient.flatten()[::(7 if side < 112 else 97)]
        logits = net.train()(images)
        out[f'{name}.training.logits'] = logits
        if name == 'resnet18': F.cross_entropy(logits, labels).backward()
        for key, parameter in net.named_parameters():
            g = parameter.grad.flatten()
            out[f'{name}.gradient.{key}'] = g if len(g) < 100 else g[::(97 if len(g) < 3000 else 9973)]
        for key in ('bn1.running_mean', 'bn1.running_var', 'layer4.1.bn2.running_mean', 'layer4.1.bn2.running_var'): out[f'{name}.{key}'] = net.state_dict()[key]
    store('SmootNNTests/Fixtures/resnet.safetensors', out)

def optimizers():
    out = {}
    cases = {
        'adadelta': lambda p: torch.optim.Adadelta(p, lr=1.0, rho=0.9, eps=1e-6),
        'adadelta_decay': lambda p: torch.optim.Adadelta(p, lr=0.5, rho=0.9, eps=1e-6, weight_decay=0.01),
        'sgd': lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=1e-4),
        'sgd_nesterov': lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
        'adamw': lambda p: torch.optim.AdamW(p, lr=1e-3, weight_decay=0.05),
    }
    for name, make in cases.items():
        parameters = [nn.Parameter(formula((5, 7), 0.0)), nn.Parameter(formula((11,), 1.0))]
        optimizer = make(parameters)
        for step in range(10):
            for index, parameter in enumerate(parameters): parameter.grad = formula(parameter.shape, 0.3 * step + index, 0.5)
            optimizer.step()
            for index, parameter in enumerate(parameters): out[f'{name}.{step}.{index}'] = parameter.data.clone()
    gradients = [nn.Parameter(formula((5, 7), 0.0)), nn.Parameter(formula((11,), 1.0))]
    for index, g in enumerate(gradients): g.grad = formula(g.shape, 0.7 + index, 3.0)
    out['clip.norm'] = torch.nn.utils.clip_grad_norm_(gradients, 1.5).reshape(1)
    for index, g in enumerate(gradients): out[f'clip.{index}'] = g.grad
    store('SmootNNTests/Fixtures/optimizers.safetensors', out)

def operations():
    out = {}
    def case(name, function, *inputs):
        inputs = [i.clone().requires_grad_(True) for i in inputs]
        result = function(*inputs)
        upstream = formula(result.shape, 0.9)
        gradients = torch.autograd.grad(result, inputs, upstream)
        out[f'{name}.output'] = result
        for index, g in enumerate(gradients): out[f'{name}.gradient.{index}'] = g
    a, b, row = formula((3, 4), 0.1), formula((3, 4), 0.6) + 2, formula((4,), 0.2)
    case('add', lambda x, y: x + y, a, row); case('subtract', lambda x, y: x - y, a, row)
    case('multiply', lambda x, y: x * y, a, row); case('divide', lambda x, y: x / y, a, b)
    case('matmul', torch.matmul, formula((3, 5), 0.1), formula((5, 4), 0.2))
    case('matmul_stack', torch.matmul, formula((2, 3, 5), 0.1), formula((2, 5, 4), 0.2))
    case('relu', F.relu, a); case('gelu', F.gelu, a * 3); case('tanh', torch.tanh, a); case('sigmoid', torch.sigmoid, a)
    case('exp', torch.exp, a); case('log', torch.log, b)
    case('softmax', lambda x: F.softmax(x, 1), a * 3); case('log_softmax', lambda x: F.log_softmax(x, 1), a * 3)
    labels = torch.tensor([1, 0, 3])
    case('cross_entropy', lambda x: F.cross_entropy(x, labels).reshape(1), a * 3)
    case('cross_entropy_smoothed', lambda x: F.cross_entropy(x, labels, label_smoothing=0.1).reshape(1), a * 3)
    def kl(x, y):
        p, q = F.log_softmax(x, 1), F.log_softmax(y, 1)
        return F.kl_div(q, p, log_target=True, reduction='batchmean').reshape(1)
    def js(x, y):
        p, q = F.softmax(x, 1), F.softmax(y, 1); m = (p + q) / 2
        return ((p * (p / m).log()).sum() / 2 / len(p) + (q * (q / m).log()).sum() / 2 / len(q)).reshape(1)
    case('kl_forward', kl, a * 3, b * 2); case('kl_reverse', lambda x, y: kl(y, x), a * 3, b * 2); case('kl_js', js, a * 3, b * 2)
    scale, shift = formula((4,), 0.3) + 1, formula((4,), 0.4)
    case('layer_norm', lambda x, s, t: F.layer_norm(x, (4,), s, t, 1e-6), a, scale, shift)
    case('batch_norm', lambda x, s, t: F.batch_norm(x, None, None, s, t, True, 0.1, 1e-5), a, scale, shift)
    case('batch_norm_eval', lambda x, s, t: F.batch_norm(x, formula((4,), 0.7), formula((4,), 0.8) + 1.5, s, t, False, 0.1, 1e-5), a, scale, shift)
    case('sum', lambda x: x.sum(1, keepdim=True), a); case('mean', lambda x: x.mean(0, keepdim=True), a)
    case('maximum', lambda x: x.amax(1, keepdim=True), a)
    # Images are stored in PyTorch's order.
    shapes = {'plain': (2, 3, 7, 6, 4, 3, {}), 'stride': (2, 3, 9, 8, 5, 3, dict(stride=2)), 'padding': (2, 2, 5, 6, 4, 3, dict(padding=1)),
              'dilation': (1, 3, 9, 9, 4, 3, dict(dilation=2)), 'groups': (2, 4, 6, 6, 6, 3, dict(groups=2)), 'one': (2, 5, 4, 4, 3, 1, {}),
              'five': (1, 1, 9, 9, 3, 5, {}), 'wide': (1, 32, 6, 6, 64, 3, {}), 'all': (2, 4, 11, 10, 6, 3, dict(stride=2, padding=2, dilation=2, groups=2)),
              'deep': (2, 12, 9, 8, 20, 3, dict(stride=2, padding=1)), 'deep.dilated': (1, 10, 11, 10, 9, 3, dict(stride=2, padding=2, dilation=3)),
              'deep.strided': (2, 70, 5, 6, 9, 1, dict(stride=2)), 'deep.stem': (2, 3, 13, 12, 10, 7, dict(stride=2, padding=3)),
              'deep.unread': (2, 9, 9, 8, 7, 3, dict(stride=4)), 'deep.cut': (1, 530, 3, 4, 3, 3, dict(padding=1))}
    for name, (n, c, h, w, o, k, options) in shapes.items():
        weight = formula((o, c // options.get('groups', 1), k, k), 0.2, 0.3)
        case(f'conv2d.{name}', lambda x, wt, bs: F.conv2d(x, wt, bs, **options), formula((n, c, h, w), 0.1), weight, formula((o,), 0.3))
    image = formula((2, 3, 7, 8), 0.1)
    case('max_pool', lambda x: F.max_pool2d(x, 2), image); case('max_pool_padded', lambda x: F.max_pool2d(x, 3, 2, 1), image)
    case('average_pool', lambda x: F.avg_pool2d(x, 2), image)
    case('conv_relu_pool', lambda x, wt, bs: F.max_pool2d(F.relu(F.conv2d(x, wt, bs)), 2), formula((2, 3, 9, 10), 0.1), formula((5, 3, 3, 3), 0.2, 0.3), formula((5,), 0.3))
    case('conv_relu_pool_wide', lambda x, wt, bs: F.max_pool2d(F.relu(F.conv2d(x, wt, bs)), 2), formula((1, 32, 8, 8), 0.1), formula((64, 32, 3, 3), 0.2, 0.1), formula((64,), 0.3))
    def attention(x):
        q, k, v = x.reshape(2, 5, 3, 2, 4).permute(2, 0, 3, 1, 4)
        return F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(10, 8)
    case('attention', attention, formula((10, 24), 0.1, 2.0))
    case('linear', F.linear, formula((6, 5), 0.1), formula((4, 5), 0.2), formula((4,), 0.3))
    def branch(between):
        return lambda x, scale, shift, w1, b1, w2, b2: F.linear(between(F.linear(F.layer_norm(x, (8,), scale, shift, 1e-6), w1, b1)), w2, b2)
    def parameters(inner, depth):
        return (1 + scrambled((8,), 0.2, 0.3), scrambled((8,), 0.3), scrambled((inner, 8), 0.4, 0.5), scrambled((inner,), 0.5), scrambled((8, depth), 0.6, 0.5), scrambled((8,), 0.7))
    tokens = scrambled((10, 8), 0.1, 2.0)
    # Past the branch comes its input; of each image's five tokens all are wanted, or the first two.
    case('attention_branch', lambda x, *p: x + branch(attention)(x, *p), tokens, *parameters(24, 8))
    case('attention_branch.first', lambda x, *p: (x + branch(attention)(x, *p)).reshape(2, 5, 8)[:, :2].reshape(4, 8), tokens, *parameters(24, 8))
    case('perceptron_branch', lambda x, *p: x + branch(F.gelu)(x, *p), scrambled((71, 8), 0.1, 2.0), *parameters(12, 12))
    case('perceptron_branch.alone', branch(F.gelu), scrambled((71, 8), 0.1, 2.0), *parameters(12, 12))
    case('patches', lambda x: x.unfold(2, 2, 2).unfold(3, 2, 2).permute(0, 2, 3, 1, 4, 5).reshape(12, 12), formula((2, 3, 4, 6), 0.1))
    store('SmootAutodiffTests/Fixtures/operations.safetensors', out)

def smoot_steps():
    """Definition 3.1 and 3.2 of SGT and SMOOT on the paper CNN without dropout: one forward and backward pass written out, for several choices."""
    out = {}
    n, side, k0 = 6, 28, 392
    net = PaperCNN(1, side).eval()
    for index, (key, parameter) in enumerate(net.named_parameters()):
        fan = int(np.prod(parameter.shape[1:])) if parameter.dim() > 1 else 64
        # A larger last layer, so that predictions differ from image to image.
        parameter.data = scrambled(parameter.shape, 0.1 * index, (12 if key == 'fc2.weight' else 1) / np.sqrt(fan))
    images, noise = scrambled((n, 1, side, side), 0.5), (scrambled((n, 1, side, side), 0.25) + 1) / 2 * 0.999
    noise = torch.tensor(noise.numpy().astype(np.float32).astype(np.float64))
    labels = torch.tensor([3, 1, 4, 1, 5, 9])
    counts = torch.tensor([392, 157, 627, 0, 784, 100])
    cases = {'sgt': dict(), 'abs': dict(rank='abs'), 'logit': dict(score='logit'), 'prob': dict(score='prob'), 'image_range': dict(range='image'),
             'reverse': dict(kl='reverse'), 'js': dict(kl='js'), 'detach_clean': dict(detach='clean'), 'detach_masked': dict(detach='masked'), 'mean_fill': dict(fill='mean')}
    for name, choice in cases.items():
        net.zero_grad()
        x = images.clone().requires_grad_(True)
        z = net(x)
        score = {'logit': z, 'prob': F.softmax(z, 1)}.get(choice.get('score'), F.log_softmax(z, 1)).gather(1, labels[:, None]).sum()
        g = torch.autograd.grad(score, x)[0].mean(1).flatten(1)
        s = g.abs() if choice.get('rank') == 'abs' else g
        mask = torch.zeros(n, side * side, dtype=torch.bool)
        for j in range(n): mask[j, torch.argsort(s[j], stable=True)[:counts[j]]] = True
        filled = images.clone().reshape(n, -1)
        for j in range(n):
            free = filled[j] if choice.get('range') == 'image' or mask[j].all() else filled[j][~mask[j]]
            low, high, mean = free.min(), free.max(), free.mean()
            u = noise.reshape(n, -1)[j]
            filled[j] = torch.where(mask[j], mean if choice.get('fill') == 'mean' else low + (high - low) * u, filled[j])
        clean, masked = net(images), net(filled.reshape(images.shape))
        p, q = F.log_softmax(clean, 1), F.log_softmax(masked, 1)
        ce = F.nll_loss(p, labels)
        if choice.get('detach') == 'clean': p = p.detach()
        if choice.get('detach') == 'masked': q = q.detach()
        if choice.get('kl') == 'js':
            m = (p.exp() + q.exp()) / 2
            kl = ((p.exp() * (p - m.log())).sum() + (q.exp() * (q - m.log())).sum()) / 2 / n
        else:
            left, right = (q, p) if choice.get('kl') == 'reverse' else (p, q)
            kl = (left.exp() * (left - right)).sum() / n
        (ce + kl).backward()
        out[f'{name}.losses'] = torch.stack([ce, kl])
        for key in ('conv1.weight', 'conv2.bias', 'fc2.weight'): out[f'{name}.gradient.{key}'] = dict(net.named_parameters())[key].grad.flatten().clone()
        out[f'{name}.clean'], out[f'{name}.masked'] = F.softmax(clean, 1), F.softmax(masked, 1)
    out['noise'] = noise
    store('SmootTrainingTests/Fixtures/steps.safetensors', out)

if __name__ == '__main__':
    paper_cnn(); vision_transformers(); resnets(); optimizers(); operations(); smoot_steps()
