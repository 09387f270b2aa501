#!/usr/bin/env python3
"""Writes the reference maps of the attribution tests with Captum and zennit (needs torch, timm, captum, zennit, safetensors; not part of the test run).

    python3 Scripts/reference/make_attribution_goldens.py [cnn] [resnet18] [resnet50] [vit-tiny]

Everything is computed in double precision and stored as float32. Weights, images and draws follow formulas that the tests compute too (`parameter` and `scrambled`). Of each map every
STRIDE-th number is stored, and behind them the largest magnitude of the whole map.

A gradient jumps where the input of a ReLU crosses zero, so that single precision, Captum's own too, is off by 1e-3 wherever one of the millions of inputs lies within a rounding error of zero. For the
convolutional networks images and draws are therefore searched (the phases of their formulas) at which none does; what is stored says which.

Where a reference is mended first:
- Noise, places on the way and reference images are replayed instead of drawn.
- Captum's DeepLIFT loses gradients where windows of a max-pool overlap: `max_unpool2d` overwrites instead of adding.
- Captum's DeepLIFT takes the plain gradient of a max-pool that directly follows a ReLU module, because both hooks sit on one tensor; a copy between the two brings its rule back.
- zennit leaves a normalization by the square root of 1 + epsilon behind where it has merged batch normalization; epsilon is 0 here.
- Captum's gamma and alpha1-beta0 rules divide by sums that cross zero, with 1e-9 to hold on to, so that single precision has no figures left; 0.01 here.
"""
import os, sys, warnings
from unittest import mock
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F
from safetensors.numpy import save_file
import captum, zennit
from captum.attr import *
from captum.attr._core import deep_lift
from captum.attr._utils.approximation_methods import approximation_parameters
from captum.attr._utils.custom_modules import Addition_Module
from captum.attr._utils.lrp_rules import EpsilonRule, GammaRule, Alpha1_Beta0_Rule
from zennit.attribution import Gradient as ZennitGradient
from zennit.canonizers import SequentialMergeBatchNorm
from zennit.composites import EpsilonPlus, EpsilonPlusFlat, EpsilonGammaBox, EpsilonAlpha2Beta1, EpsilonAlpha2Beta1Flat, LayerMapComposite, SpecialFirstLayerMapComposite, layer_map_base
from zennit.layer import Sum
from zennit.rules import Epsilon, WSquare, Gamma, AlphaBeta
from zennit.types import Convolution, Linear as ZennitLinear

warnings.filterwarnings('ignore')
torch.set_default_dtype(torch.float64)
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'Tests', 'SmootAttributionTests', 'Fixtures')
SAMPLES, REFERENCES = 3, 3
STRIDE = {'cnn': 3, 'resnet18': 3, 'resnet50': 11, 'vit-tiny': 11}
STEPS = {'cnn': 4, 'resnet18': 3, 'resnet50': 3, 'vit-tiny': 10}
QUADRATURES = ('gauss-legendre', 'riemann-left', 'riemann-right', 'riemann-middle', 'riemann-trapezoid')

def captum_name(rule): return rule.replace('-', '_').replace('gauss_', 'gauss')

def scrambled(shape, phase, scale=1.0):
    i = np.arange(int(np.prod(shape)), dtype=np.float64)
    values = scale * np.sin(0.37 * i + 0.011 * i * i + phase)
    return torch.tensor(values.astype(np.float32).astype(np.float64).reshape(shape))

def parameter(name, shape):
    """The value of a parameter or a buffer, by its name."""
    phase = (sum((index + 1) * byte for index, byte in enumerate(name.encode())) % 1000) / 100
    scale = ('norm' in name or 'bn' in name or 'downsample.1' in name) and name.endswith('weight')
    if scale or name.endswith('running_var'): return 1 + scrambled(shape, phase, 0.1)
    if len(shape) == 1 or name in ('cls_token', 'pos_embed'): return scrambled(shape, phase, 0.1)
    return scrambled(shape, phase, 1.5 / np.sqrt(np.prod(shape[1:])))

def settled(net):
    for name, tensor in net.state_dict().items():
        if not name.endswith('tracked'): tensor.copy_(parameter(name, tuple(tensor.shape)))
    return net.eval()

class ZennitSum(nn.Module):
    def __init__(self):
        super().__init__()
        self.sum = Sum()
    def forward(self, a, b): return self.sum(torch.stack([a, b], dim=-1))

class PaperCNN(nn.Module):
    def __init__(self, _):
        super().__init__()
        self.conv1, self.relu1, self.conv2, self.relu2, self.pool = nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)
        self.fc1, self.relu3, self.fc2 = nn.Linear(9216, 128), nn.ReLU(), nn.Linear(128, 10)
    def forward(self, x):
        x = self.pool(self.relu2(self.conv2(self.relu1(self.conv1(x)))))
        return self.fc2(self.relu3(self.fc1(x.flatten(1))))

class Block(nn.Module):
    """torchvision's residual blocks, with a module for every activation and sum, as Captum and zennit want them."""
    def __init__(self, inputs, width, stride, bottleneck, add):
        super().__init__()
        outputs = 4 * width if bottleneck else width
        plan = [(width, 1, 1), (width, 3, stride), (outputs, 1, 1)] if bottleneck else [(width, 3, stride), (width, 3, 1)]
        self.count, channels = len(plan), inputs
        for index, (out, size, step) in enumerate(plan, 1):
            setattr(self, f'conv{index}', nn.Conv2d(channels, out, size, step, size // 2, bias=False))
            setattr(self, f'bn{index}', nn.BatchNorm2d(out))
            setattr(self, f'relu{index}', nn.ReLU())
            channels = out
        self.downsample = None
        if stride != 1 or inputs != outputs: self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        self.add = add()
    def forward(self, x):
        y = x
        for index in range(1, self.count + 1):
            y = getattr(self, f'bn{index}')(getattr(self, f'conv{index}')(y))
            if index < self.count: y = getattr(self, f'relu{index}')(y)
        y = self.add(x if self.downsample is None else self.downsample(x), y)
        return getattr(self, f'relu{self.count}')(y)

class ResNet(nn.Module):
    def __init__(self, depths, bottleneck, imagenet, add):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False) if imagenet else nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        self.bn1, self.relu = nn.BatchNorm2d(64), nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, 2, 1) if imagenet else None
        channels = 64
        for stage, depth in enumerate(depths):
            blocks = []
            for index in range(depth):
                blocks.append(Block(channels, 64 << stage, 2 if stage > 0 and index == 0 else 1, bottleneck, add))
                channels = (64 << stage) * (4 if bottleneck else 1)
            setattr(self, f'layer{stage + 1}', nn.Sequential(*blocks))
        self.avgpool, self.fc = nn.AdaptiveAvgPool2d(1), nn.Linear(channels, 10)
    def forward(self, x):
        x = self.relu(self.bn1(self.conv1(x)))
        if self.maxpool is not None: x = self.maxpool(x)
        for stage in range(1, 5): x = getattr(self, f'layer{stage}')(x)
        return self.fc(torch.flatten(self.avgpool(x), 1))

def vit(_):
    from timm.models.vision_transformer import VisionTransformer
    return VisionTransformer(img_size=32, patch_size=4, embed_dim=192, depth=12, num_heads=3, num_classes=10)

MODELS = {
    'cnn': (PaperCNN, (1, 28)),
    'resnet18': (lambda add: ResNet([2, 2, 2, 2], False, False, add), (3, 16)),
    'resnet50': (lambda add: ResNet([3, 4, 6, 3], True, True, add), (3, 40)),
    'vit-tiny': (vit, (3, 32)),
}

class Draws:
    """Images and what chance decides, by the phases of their formulas; none of the network's kinks is near any point at which a gradient is taken."""
    def __init__(self, name, net, shape):
        self.net, self.shape, self.searches = net, shape, name != 'vit-tiny'
        quadratures = QUADRATURES if name == 'cnn' else QUADRATURES[:1]
        # The other rules of the residual networks have images of their own, as no image is safe at the places of all.
        self.has_riemann, riemann_nodes = name.startswith('resnet'), {node for rule in QUADRATURES[1:] for node in approximation_parameters(captum_name(rule))[1](STEPS[name]) if node > 0}
        self.riemann = []
        self.references = scrambled((REFERENCES,) + shape, 0.2, 0.8)
        self.phases, self.noise_phases, self.places, self.chosen = [], [], [], []
        for index in range(2):
            nodes = [node for rule in quadratures for node in approximation_parameters(captum_name(rule))[1](STEPS[name]) if node > 0]
            def image_is_safe(image):
                ways = [base + node * (image - base) for base in (0, self.references[index]) for node in nodes]
                return self.margin(image) > 4e-6 and all(self.margin(point) > 1e-6 for point in ways)
            phase = self.search(50 + 50 * index, lambda phase: image_is_safe(self.image(phase)))
            self.phases.append(phase)
            if self.has_riemann:
                self.riemann.append(self.search(50 + 50 * index, lambda phase: all(self.margin(node * self.image(phase)) > 1e-6 for node in riemann_nodes)))
            image = self.image(phase)
            for sample in range(SAMPLES):
                noise = self.search(100 * sample, lambda phase: self.margin(image + self.noise_of(phase)) > 1e-6)
                reference = (index + 2 * sample) % REFERENCES
                mixed = lambda place: self.place(place) * (image + self.noise_of(noise)) + (1 - self.place(place)) * self.references[reference]
                place = self.search(37 * sample, lambda place: self.margin(mixed(place)) > 1e-6)
                self.noise_phases.append(noise); self.places.append(place); self.chosen.append(reference)

    def image(self, phase): return scrambled(self.shape, 0.01 * phase)
    def noise_of(self, phase): return scrambled(self.shape, 0.01 * phase, 0.2)
    def place(self, number): return float(np.float32((number % 97 + 1) / 98))

    def search(self, first, is_safe):
        return next(value for value in range(first, first + 100000) if not self.searches or is_safe(value))

    def margin(self, image):
        """How far the inputs of ReLUs, and the two highest numbers of the windows of max-pools, are from a kink, in units of their layer."""
        margins = []
        def see(module, inputs, _):
            x = inputs[0]
            distance = x.abs()
            if isinstance(module, nn.MaxPool2d):
                padded = F.pad(x, [module.padding] * 4, value=-1e9)
                windows = padded.unfold(2, module.kernel_size, module.stride).unfold(3, module.kernel_size, module.stride).flatten(4)
                top = windows.topk(2).values
                distance = torch.where(top[..., 0] > 0, top[..., 0] - top[..., 1], torch.ones_like(top[..., 0]))
            margins.append((distance.min() / x.std()).item())
        handles = [m.register_forward_hook(see) for m in self.net.modules() if isinstance(m, (nn.ReLU, nn.MaxPool2d))]
        with torch.no_grad(): self.net(image[None])
        for handle in handles: handle.remove()
        return min(margins)

    def tensors(self):
        return {'draws.' + key: np.array(value, dtype=np.float32) for key, value in
                dict(images=self.phases, riemann=self.riemann, noise=self.noise_phases, places=self.places, references=self.chosen).items() if value}

def added_unpool(gradient, indices, kernel_size, stride, padding, shape):
    """`max_unpool2d` that adds where windows overlap."""
    out = torch.zeros(shape[0], shape[1], shape[2] * shape[3])
    return out.scatter_add(2, indices.flatten(2), gradient.flatten(2)).reshape(shape)

class Apart(nn.Module):
    def forward(self, x): return x * 1.0

def apart(net):
    """The network with a copy between ReLU and max-pool."""
    for name in ('pool', 'maxpool'):
        if getattr(net, name, None) is not None: setattr(net, name, nn.Sequential(Apart(), getattr(net, name)))
    return net

def captum_lrp(make, images, targets, convolution=EpsilonRule, epsilon=None):
    """Captum's rules; each gets the stabilizer `epsilon` where one is given."""
    net = make(Addition_Module)
    for module in net.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear, nn.BatchNorm2d, nn.MaxPool2d, nn.AdaptiveAvgPool2d, Addition_Module)):
            module.rule = convolution() if isinstance(module, nn.Conv2d) else EpsilonRule()
            if epsilon and not isinstance(module, nn.MaxPool2d): module.rule.STABILITY_FACTOR = epsilon
    return LRP(net).attribute(images, target=targets)

class Merged(SequentialMergeBatchNorm):
    def register(self, linears, batch_norm):
        super().register(linears, batch_norm)
        batch_norm.eps = 0.0

def zennit_lrp(make, images, targets, composite):
    """zennit's relevance begins with what one hands in: the logit here."""
    net = make(ZennitSum)
    composite.canonizers = [Merged()]
    one_hot = F.one_hot(targets, 10).double()
    with ZennitGradient(model=net, composite=composite) as attributor:
        _, relevance = attributor(images, (net(images) * one_hot).detach())
    return relevance

def composites():
    both = lambda rule: LayerMapComposite(layer_map_base() + [(ZennitLinear, rule)])
    yield 'lrp epsilon', both(Epsilon())
    yield 'lrp epsilon 0.25', both(Epsilon(epsilon=0.25))
    yield 'lrp alpha-beta', both(AlphaBeta())
    yield 'lrp gamma', both(Gamma())
    yield 'lrp epsilon-plus', EpsilonPlus()
    yield 'lrp epsilon-plus-flat', EpsilonPlusFlat()
    yield 'lrp epsilon-gamma-box', EpsilonGammaBox(low=-1.0, high=1.25)
    yield 'lrp epsilon-alpha2-beta1', EpsilonAlpha2Beta1()
    yield 'lrp epsilon-alpha2-beta1-flat', EpsilonAlpha2Beta1Flat()
    yield 'lrp epsilon-plus-w-square', SpecialFirstLayerMapComposite(EpsilonPlus().layer_map, [(ZennitLinear, WSquare())])

def maps(name, make, draws):
    """Yields the name of each method and its maps."""
    net = make(Addition_Module)
    images, targets = torch.stack([draws.image(phase) for phase in draws.phases]).requires_grad_(True), torch.tensor([3, 1])
    batch, n = len(images), SAMPLES
    noise = torch.stack([draws.noise_of(phase) for phase in draws.noise_phases])
    references, places, chosen = draws.references, np.array([draws.place(place) for place in draws.places]), np.array(draws.chosen)
    yield 'logits', net(images)
    saliency = Saliency(net)
    yield 'gradient', saliency.attribute(images, target=targets, abs=False)
    yield 'gradient absolute', saliency.attribute(images, target=targets)
    yield 'input-x-gradient', InputXGradient(net).attribute(images, target=targets)
    def replay(image, stdev, count): return image.repeat_interleave(count, 0) + noise
    with mock.patch.object(NoiseTunnel, '_add_noise_to_input', staticmethod(replay)):
        tunnel = NoiseTunnel(saliency)
        for ours, theirs in (('smoothgrad', 'smoothgrad'), ('smoothgrad-squared', 'smoothgrad_sq'), ('vargrad', 'vargrad')):
            yield ours, tunnel.attribute(images, nt_type=theirs, nt_samples=n, target=targets, abs=False)
        yield 'smoothgrad absolute', tunnel.attribute(images, nt_samples=n, target=targets)
        with mock.patch('numpy.random.uniform', lambda *_: places), mock.patch('numpy.random.choice', lambda *_: chosen):
            yield 'gradient-shap', GradientShap(net).attribute(images, references, n_samples=n, stdevs=0.2, target=targets)
    integrated = IntegratedGradients(net)
    steps = STEPS[name]
    riemann_images = torch.stack([draws.image(phase) for phase in draws.riemann]) if draws.riemann else images
    for rule in QUADRATURES:
        inputs = riemann_images if rule.startswith('riemann') else images
        yield f'integrated-gradients {rule}', integrated.attribute(inputs, target=targets, n_steps=steps, method=captum_name(rule))
    yield 'integrated-gradients baseline', integrated.attribute(images, references[:batch], target=targets, n_steps=steps)
    if name == 'vit-tiny': return
    yield 'guided-backprop', GuidedBackprop(net).attribute(images, target=targets)
    yield 'deconvnet', Deconvolution(net).attribute(images, target=targets)
    with mock.patch.object(deep_lift.F, 'max_unpool2d', added_unpool):
        yield 'deeplift', DeepLift(apart(make(Addition_Module))).attribute(images, target=targets)
        yield 'deeplift baseline', DeepLift(apart(make(Addition_Module))).attribute(images, references[:batch], target=targets)
        yield 'deeplift-shap', DeepLiftShap(apart(make(Addition_Module))).attribute(images, references, target=targets)
    yield 'lrp captum-epsilon', captum_lrp(make, images, targets)
    yield 'lrp captum-epsilon 0.25', captum_lrp(make, images, targets, epsilon=0.25)
    yield 'lrp captum-gamma', captum_lrp(make, images, targets, GammaRule, 0.01)
    yield 'lrp captum-alpha1-beta0', captum_lrp(make, images, targets, Alpha1_Beta0_Rule, 0.01)
    for title, composite in composites(): yield title, zennit_lrp(make, images, targets, composite)

if __name__ == '__main__':
    for name in sys.argv[1:] or MODELS:
        build, (channels, side) = MODELS[name]
        make = lambda add: settled(build(add))
        draws = Draws(name, make(Addition_Module), (channels, side, side))
        out = draws.tensors()
        for title, map in maps(name, make, draws):
            values = map.detach().flatten().numpy()
            assert np.isfinite(values).all(), title
            step = 1 if title == 'logits' else STRIDE[name]
            out[title] = np.append(values[::step], np.abs(values).max()).astype(np.float32)
        path = os.path.join(ROOT, f'maps_{name}.safetensors')
        save_file(out, path, metadata={'captum': captum.__version__, 'torch': torch.__version__})
        print(name, sum(not key.startswith('draws.') for key in out), 'maps', os.path.getsize(path), 'bytes; images', draws.phases, flush=True)
