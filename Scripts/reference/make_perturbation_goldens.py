#!/usr/bin/env python3
"""Writes the maps of Captum's perturbation methods, with given samples, and of methods that no library has or has right, written out in PyTorch.

    python3 Scripts/reference/make_perturbation_goldens.py

Networks and images are those of make_class_activation_goldens.py, ResNet-50 that of make_attribution_goldens.py. From Captum: occlusion, LIME and kernel SHAP. Written out from the papers: RISE, Group-CAM, Smooth Grad-CAM++,
integrated Grad-CAM, attention rollout and the generic attention relevance.
"""
import os, sys
import numpy as np, torch, torch.nn.functional as F
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from make_goldens import scrambled, store
from make_class_activation_goldens import cnn, resnet, transformer, TARGETS
from make_relevance_goldens import images_of, network
from captum.attr import Occlusion, KernelShap, Lime
from captum.attr._core.lime import get_exp_kernel_similarity_function
from captum._utils.models.linear_model import SkLearnLasso, SkLearnRidge

def rows(count, features):
    """Given choices of features: no two alike, from none to all."""
    return (scrambled((count, features), 0.7) > torch.linspace(-0.9, 0.9, count)[:, None]).long()

def superpixels(height, width, cells):
    """A regular grid: cell of a pixel = floor(place x cells / extent)."""
    row, column = np.arange(height) * cells // height, np.arange(width) * cells // width
    return torch.tensor(row[:, None] * cells + column[None]).reshape(1, 1, height, width)

def sampled(maps):
    """Every 11th number, and behind them the largest magnitude of all."""
    values = maps.flatten()
    return torch.cat([values[::11], values.abs().max()[None]])

def resnet50(): return network('resnet50'), images_of('resnet50')

def occlusion(out):
    for name, make, window, stride in (('cnn', cnn, 5, 3), ('resnet18', resnet, 7, 5), ('resnet50', resnet50, 8, 6), ('vit', transformer, 8, 8)):
        net, images = make()
        with torch.no_grad():
            found = Occlusion(net).attribute(images, (3, window, window), strides=(3, stride, stride), baselines=0.25, target=torch.tensor(TARGETS), perturbations_per_eval=16)[:, :1]
        out[f'{name}.occlusion'] = sampled(found) if name == 'resnet50' else found

def surrogates(out):
    """LIME and kernel SHAP of the first image, on given samples of 16 superpixels."""
    samples = rows(40, 16)
    out['samples'] = samples
    ones = torch.ones(1, 16, dtype=torch.long)
    def given(*_, **__):
        for row in samples: yield row[None]
    def generator(*_, **__):
        yield ones; yield 0 * ones
        yield from given()
    plan = (('lasso.cosine', SkLearnLasso(alpha=0.01, tol=1e-12, max_iter=100000), 'cosine', 1.0), ('ridge.euclidean', SkLearnRidge(alpha=2.0, tol=1e-12), 'euclidean', 45.0))
    for network_name, make in (('cnn', cnn), ('resnet18', resnet), ('resnet50', resnet50), ('vit', transformer)):
        net, images = make()
        image, side = images[:1], images.shape[-1]
        options = dict(baselines=0.25, target=3, feature_mask=superpixels(side, side, 4))
        def keep(title, maps):
            assert (maps != 0).any(), title
            out[f'{network_name}.{title}'] = maps[:, :1] if network_name == 'cnn' else sampled(maps[:, :1])
        shap = KernelShap(net)
        shap.kernel_shap_perturb_generator = shap.perturb_func = generator
        with torch.no_grad():
            keep('kernel-shap', shap.attribute(image, n_samples=42, **options))
            for title, model, distance, width in plan:
                lime = Lime(net, interpretable_model=model, similarity_func=get_exp_kernel_similarity_function(distance, width), perturb_func=given)
                keep(f'lime.{title}', lime.attribute(image, n_samples=40, **options))

def rise(out):
    net, images = cnn()
    masks = (scrambled((30, 1, 20, 20), 0.2) + 1) / 2
    total = torch.zeros(2, 1, 20, 20)
    with torch.no_grad():
        for mask in masks:
            p = F.softmax(net(images * mask), 1)
            total += p[torch.arange(2), TARGETS].reshape(2, 1, 1, 1) * mask
    out['rise.expected'], out['rise.coverage'] = total / (30 * 0.5), total / (masks.sum(0, keepdim=True) + 1e-4)
    import skimage.transform
    cells = (scrambled((5, 7, 7), 0.3).numpy() > 0).astype(float)
    out['rise.cells'] = cells
    out['rise.upsampled'] = np.stack([skimage.transform.resize(c, (8 * 3, 8 * 3), order=1, mode='reflect', anti_aliasing=False) for c in cells])

def layer_pass(net, images, target):
    kept = []
    handle = net.relu2.register_forward_hook(lambda m, i, o: kept.append(o))
    logits = net(images); handle.remove()
    g, = torch.autograd.grad(logits[:, target].sum(), kept[0])
    return kept[0].detach(), g

def group_cam(net, x, target, groups):
    a, g = layer_pass(net, x, target)
    weighted = a * g.mean((2, 3), keepdim=True)
    line = torch.exp(-torch.arange(-25, 26).double() ** 2 / (2 * 50.0 ** 2)); line = line / line.sum()
    padded = torch.tensor(np.pad(x.numpy(), ((0, 0), (0, 0), (25, 25), (25, 25)), mode='reflect'))
    blurred = F.conv2d(F.conv2d(padded, line.reshape(1, 1, 51, 1).repeat(3, 1, 1, 1), groups=3), line.reshape(1, 1, 1, 51).repeat(3, 1, 1, 1), groups=3)
    p = lambda y: F.softmax(net(y), 1)[0, target].item()
    total = torch.zeros(1, 1, *x.shape[2:])
    for part in weighted.split(a.shape[1] // groups, 1):
        mask = F.relu(part.sum(1, keepdim=True))
        mask = torch.where(mask > np.percentile(mask.numpy(), 70), mask, torch.zeros(()))
        mask = F.interpolate(mask, size=x.shape[2:], mode='bilinear', align_corners=False)
        if mask.max() == mask.min(): continue
        mask = (mask - mask.min()) / (mask.max() - mask.min())
        total += (p(x * mask + blurred * (1 - mask)) - p(blurred)) * mask
    return total

def smooth(net, x, target, noise, numerator, subset):
    a, _ = layer_pass(net, x, target)
    gradients = torch.stack([layer_pass(net, x + n, target)[1] for n in noise])
    d1, d2, d3 = gradients.mean(0), (gradients ** 2).mean(0), (gradients ** 3).mean(0)
    keep = torch.ones_like(a)
    if subset == 'maps': keep = torch.zeros_like(a); keep[:, [2, 5, 33]] = 1
    if subset == 'neurons':
        keep = torch.zeros_like(a)
        for k, i, j in ((7, 2, 2), (14, 8, 15), (33, 1, 3)): keep[:, k, i, j] = 1
    a, d1, d2, d3 = a * keep, d1 * keep, d2 * keep, d3 * keep
    alpha = (d2 if numerator == 'd2' else d1) / (2 * d2 + a.sum((2, 3), keepdim=True) * d3 + 1e-6)
    weights = (alpha * F.relu(d1)).sum((2, 3), keepdim=True)
    return (weights * a).sum(1, keepdim=True)

def integrated(net, x, target, steps, difference):
    start = torch.full_like(x, -0.5)
    basis, _ = layer_pass(net, start, target); clean, _ = layer_pass(net, x, target)
    before, total = basis, 0
    for t in range(1, steps + 1):
        a, g = layer_pass(net, start + t / steps * (x - start), target)
        change = {'path': a - basis, 'image': clean - basis, 'step': a - before}[difference]
        total = total + (g.mean((2, 3), keepdim=True) * change).sum(1, keepdim=True)
        before = a
    return total if difference == 'step' else total / steps

def class_activation(out):
    net, images = cnn()
    def both(function): return torch.cat([function(images[i:i + 1], TARGETS[i], i) for i in range(2)])
    out['group-cam'] = both(lambda x, t, i: group_cam(net, x, t, 8))
    noise = [scrambled((2, 3, 20, 20), 0.3 * s, 0.2) for s in range(5)]
    for subset in ('layer', 'maps', 'neurons'):
        for numerator in ('d1', 'd2'): out[f'smooth.{subset}.{numerator}'] = both(lambda x, t, i: smooth(net, x, t, [n[i:i + 1] for n in noise], numerator, subset))
    for difference in ('path', 'image', 'step'): out[f'integrated-grad-cam.{difference}'] = both(lambda x, t, i: integrated(net, x, t, 7, difference))

def attention(out):
    net, images = transformer()
    kept = []
    for block in net.blocks:
        block.attn.fused_attn = False
        block.attn.attn_drop.register_forward_hook(lambda m, i, o: kept.append(o))
    logits = net(images)
    gradients = torch.autograd.grad(sum(logits[i, t] for i, t in enumerate(TARGETS)), kept)
    eye = torch.eye(65)[None]
    rollout = relevance = eye.repeat(2, 1, 1)
    for a, g in zip(kept, gradients):
        mean = a.detach().mean(1) + eye
        rollout = (mean / mean.sum(-1, keepdim=True)) @ rollout
        relevance = relevance + (a.detach() * g).clamp(min=0).mean(1) @ relevance
    out['vit.attention-rollout'] = rollout[:, 0, 1:].reshape(2, 1, 8, 8)
    out['vit.attention-relevance'] = relevance[:, 0, 1:].reshape(2, 1, 8, 8)

if __name__ == '__main__':
    out = {}
    class_activation(out); attention(out); rise(out); occlusion(out); surrogates(out)
    store('SmootAttributionTests/Fixtures/perturbation.safetensors', out)
