#!/usr/bin/env python3
"""Writes the reference numbers for resizing, foreign weights and augmentation (needs torch, torchvision, timm, numpy, safetensors; not part of the test run).

    python3 Scripts/reference/make_fine_tuning_goldens.py

Inputs and weights follow the formulas of make_goldens.py.
"""
import os
import numpy as np, torch, torch.nn.functional as F
from PIL import Image
from safetensors.numpy import save_file
from make_goldens import ROOT, scrambled, store, transformer_value

def resizes():
    out = {}
    images = scrambled((2, 3, 6, 5), 0.5)
    for mode in ('bilinear', 'bicubic'):
        for name, size in (('up', (11, 14)), ('down', (4, 3)), ('same', (6, 5))):
            x = images.clone().requires_grad_(True)
            y = F.interpolate(x, size=size, mode=mode, align_corners=False)
            weights = scrambled(tuple(y.shape), 0.9)
            (y * weights).sum().backward()
            out[f'{mode}.{name}'], out[f'{mode}.{name}.gradient'] = y, x.grad
            out[f'{mode}.{name}.antialias'] = F.interpolate(images.float(), size=size, mode=mode, align_corners=False, antialias=True)
    store('SmootAutodiffTests/Fixtures/resize.safetensors', out)

def distilled():
    from timm.models.deit import VisionTransformerDistilled
    from timm.layers import resample_abs_pos_embed
    net = VisionTransformerDistilled(img_size=16, patch_size=4, embed_dim=24, depth=2, num_heads=3, num_classes=5).double()
    out = {}
    for index, (key, parameter) in enumerate(net.named_parameters()):
        parameter.data = transformer_value(key, tuple(parameter.shape), index)
        out[f'weights.{key}'] = parameter.data.clone()
    images = scrambled((3, 3, 16, 16), 0.5).requires_grad_(True)
    for mode in ('eval', 'train'):
        getattr(net, mode)()
        out[f'{mode}.logits'] = net(images)
    net.eval()
    loss = F.cross_entropy(net(images), torch.tensor([3, 1, 4]))
    out['input_gradient'], = torch.autograd.grad(loss, images)
    positions = net.pos_embed.detach().float()
    for side in (2, 6, 4):
        out[f'positions.{side}'] = resample_abs_pos_embed(positions, [side, side], [4, 4], num_prefix_tokens=2)
    # A resize inside the network, as the papers' set-up with images of 32 pixels needs it.
    small = scrambled((3, 3, 8, 8), 0.7).requires_grad_(True)
    for mode in ('bilinear', 'bicubic'):
        logits = net(F.interpolate(small, size=(16, 16), mode=mode, align_corners=False))
        out[f'resized.{mode}.logits'] = logits
        out[f'resized.{mode}.gradient'], = torch.autograd.grad(F.cross_entropy(logits, torch.tensor([3, 1, 4])), small)
    store('SmootNNTests/Fixtures/distilled.safetensors', out)

def photograph(height, width):
    """A smooth colour picture with some texture; the tests compute the same."""
    c, y, x = np.meshgrid(np.arange(3), np.arange(height), np.arange(width), indexing='ij')
    value = 128 + 70 * np.sin(0.21 * x + 0.7 * c) * np.cos(0.17 * y - 0.4 * c) + 50 * np.sin(0.9 * x * y / 7 + c)
    return np.clip(np.floor(value), 0, 255).astype(np.uint8)

def augmentations():
    from torchvision.transforms import functional as V1
    from torchvision.transforms.autoaugment import _apply_op
    from torchvision.transforms import InterpolationMode
    planes = photograph(20, 24)
    picture = Image.fromarray(planes.transpose(1, 2, 0))
    out = {'picture': planes}
    def put(name, image): out[name] = np.asarray(image).transpose(2, 0, 1)
    for factor in (0.0, 0.4, 0.73, 1.0, 1.9):
        put(f'brightness.{factor}', V1.adjust_brightness(picture, factor))
        put(f'contrast.{factor}', V1.adjust_contrast(picture, factor))
        put(f'saturation.{factor}', V1.adjust_saturation(picture, factor))
    names = {'identity': 'Identity', 'shearX': 'ShearX', 'shearY': 'ShearY', 'translateX': 'TranslateX', 'translateY': 'TranslateY', 'rotate': 'Rotate', 'brightness': 'Brightness',
             'color': 'Color', 'contrast': 'Contrast', 'sharpness': 'Sharpness', 'posterize': 'Posterize', 'solarize': 'Solarize', 'autoContrast': 'AutoContrast', 'equalize': 'Equalize'}
    from torchvision.transforms import RandAugment
    space = RandAugment()._augmentation_space(31, (20, 24))
    for ours, theirs in names.items():
        magnitudes, signed = space[theirs]
        for magnitude in (0, 9, 30):
            for sign in ((1, -1) if signed else (1,)):
                value = float(magnitudes[magnitude]) if magnitudes.ndim > 0 else 0.0
                put(f'{ours}.{magnitude}.{sign}', _apply_op(picture, theirs, sign * value, InterpolationMode.NEAREST, fill=None))
    for box in ((3, 5, 9, 13), (0, 0, 20, 24), (11, 2, 4, 6)):
        put('crop.' + '.'.join(map(str, box)), V1.resized_crop(picture, *box, size=(20, 24), interpolation=InterpolationMode.BILINEAR))
    path = os.path.join(ROOT, 'SmootDatasetsTests/Fixtures/augmentation.safetensors')
    save_file({k: np.ascontiguousarray(v) for k, v in out.items()}, path)
    print(os.path.getsize(path), 'bytes of augmented pictures')

def soft_labels():
    """The loss of mixed images, and its gradient, with soft labels and label smoothing as timm's Mixup makes them."""
    from timm.data.mixup import mixup_target
    logits = scrambled((6, 10), 0.5, 3).requires_grad_(True)
    labels = torch.tensor([3, 1, 4, 1, 5, 9])
    out = {}
    for smoothing in (0.0, 0.1):
        target = mixup_target(labels, 10, 0.7, smoothing).double()
        loss = -(target * F.log_softmax(logits, 1)).sum(1).mean()
        out[f'{smoothing}.loss'], (out[f'{smoothing}.gradient'],) = loss.reshape(1), torch.autograd.grad(loss, logits)
    store('SmootTrainingTests/Fixtures/soft_labels.safetensors', out)

if __name__ == '__main__':
    resizes(); distilled(); augmentations(); soft_labels()
