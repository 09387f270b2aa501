#!/usr/bin/env python3
"""Carries weights from timm and torchvision into smoot and back, and compares logits (needs torch, torchvision, timm, safetensors; not part of continuous integration).

    python3 Scripts/reference/check_networks.py SMOOT [FOLDER]

SMOOT is the program; images come from its CIFAR-10 (SMOOT_DATA). In each direction the network has random weights, running statistics of a few random batches, and every tensor is taken:
`smoot train --init` without `head` changes, and `load_state_dict(strict=True)`. Prints the largest differences of the logits of 64 images.
"""
import json, os, subprocess, sys, tempfile
import numpy as np, timm, torch, torch.nn.functional as F, torchvision
from safetensors.torch import load_file, save_file

smoot = os.path.abspath(sys.argv[1])
folder = sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp()
os.makedirs(folder, exist_ok=True)

def run(*arguments):
    result = subprocess.run([smoot, *arguments], capture_output=True, text=True)
    if result.returncode: sys.exit(f'{" ".join(arguments)}: {result.stderr}')
    return result.stderr

def vit(size, patch):
    return timm.models.VisionTransformer(img_size=size, patch_size=patch, embed_dim=192, depth=12, num_heads=3, num_classes=10)

def cifar_resnet(name):
    net = getattr(torchvision.models, name)(num_classes=10)
    net.conv1, net.maxpool = torch.nn.Conv2d(3, 64, 3, 1, 1, bias=False), torch.nn.Identity()
    return net

CASES = {
    'vit-tiny, patch 4 at 32': (lambda: vit(32, 4), ['--model', 'vit-tiny'], None),
    'vit-tiny, patch 16 at 224': (lambda: vit(224, 16), ['--model', 'vit-tiny', '--model-resize', '224'], 224),
    'deit-tiny distilled, patch 16 at 224': (
        lambda: timm.create_model('deit_tiny_distilled_patch16_224', num_classes=10),
        ['--model', 'vit-tiny', '--model-resize', '224', '--distilled', 'true'], 224),
    'resnet18, CIFAR stem': (lambda: cifar_resnet('resnet18'), ['--model', 'resnet18'], None),
    'resnet18 at 224': (
        lambda: torchvision.models.resnet18(num_classes=10), ['--model', 'resnet18', '--model-resize', '224'], 224),
    'resnet50, CIFAR stem': (lambda: cifar_resnet('resnet50'), ['--model', 'resnet50'], None),
    'resnet50 at 224': (
        lambda: torchvision.models.resnet50(num_classes=10), ['--model', 'resnet50', '--model-resize', '224'], 224),
}

def explained(name, run_folder):
    """smoot's inputs and logits."""
    out = f'{folder}/{name}-maps'
    run('explain', run_folder, '--indices', '0:64', '--output', out, '--force')
    return [torch.from_numpy(np.load(f'{out}/{part}.npy')) for part in ('inputs', 'logits')]

def logits(net, inputs, side):
    with torch.no_grad():
        if side: inputs = F.interpolate(inputs, size=(side, side), mode='bilinear', align_corners=False)
        return torch.cat([net(part) for part in inputs.split(16)])

def settle(net, side):
    """Running statistics of random pictures, so that activations keep their size."""
    net.train()
    with torch.no_grad():
        for _ in range(20): net(torch.randn(8, 3, side or 32, side or 32))
    return net.eval()

for index, (title, (make, flags, side)) in enumerate(CASES.items()):
    torch.manual_seed(index)
    net = settle(make(), side)
    name = f'case{index}'
    save_file({k: v.contiguous() for k, v in net.state_dict().items()}, f'{folder}/{name}.safetensors')
    common = ['--dataset', 'cifar10', '--limit-train', '64', '--limit-test', '64', '--output', folder]
    text = run('train', *common, *flags, '--init', f'{folder}/{name}.safetensors', '--epochs', '0', '--name', f'{name}-in-{os.getpid()}')
    assert 'new ' not in text and 'resampled' not in text and 'not used' not in text, text
    inputs, found = explained(name, f'{folder}/{name}-in-{os.getpid()}')
    inward = (logits(net, inputs, side) - found).abs().max().item()

    run('train', *common, *flags, '--method', 'traditional', '--lr', '0.001', '--epochs', '1', '--batch-size', '32', '--name', f'{name}-out-{os.getpid()}')
    exported = f'{folder}/{name}-out.safetensors'
    run('export', f'{folder}/{name}-out-{os.getpid()}', '--format', 'safetensors', '--output', exported, '--force')
    other = make().eval()
    other.load_state_dict(load_file(exported), strict=True)
    inputs, found = explained(name, f'{folder}/{name}-out-{os.getpid()}')
    outward = (logits(other, inputs, side) - found).abs().max().item()
    print(f'{title}: into smoot {inward:.2e}, out of smoot {outward:.2e} (largest logit {found.abs().max().item():.1f})', flush=True)
