#!/usr/bin/env python3
"""Writes the class activation, attention and perturbation maps of pytorch-grad-cam, Captum and written-out definitions (needs torch, torchvision, timm, grad-cam, captum, safetensors).

    python3 Scripts/reference/make_class_activation_goldens.py

Networks in double precision, weights and images by the formulas of make_goldens.py, which the tests compute too. Stored are raw maps: before the rectifier, the scale and the
resize of pytorch-grad-cam.
"""
import os, sys
os.environ['TQDM_DISABLE'] = '1'
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from make_goldens import formula, scrambled, store, transformer_value
import pytorch_grad_cam as pgc
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget


TARGETS = [3, 1]

class PaperCNN(nn.Module):
    """With modules for everything that is explained, and images of 3 channels."""
    def __init__(self, side=20):
        super().__init__()
        self.conv1, self.relu1, self.conv2, self.relu2, self.pool = nn.Conv2d(3, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)
        self.fc1, self.fc2 = nn.Linear(64 * ((side - 4) // 2) ** 2, 128), nn.Linear(128, 10)
    def forward(self, x):
        x = self.pool(self.relu2(self.conv2(self.relu1(self.conv1(x)))))
        return self.fc2(F.relu(self.fc1(x.flatten(1))))

def cnn():
    net = PaperCNN().eval()
    for index, (key, parameter) in enumerate(net.named_parameters()):
        fan = int(np.prod(parameter.shape[1:])) if parameter.dim() > 1 else 64
        parameter.data = scrambled(tuple(parameter.shape), 0.1 * index, 2 / np.sqrt(fan))
    return net, scrambled((2, 3, 20, 20), 0.5)

def resnet():
    import torchvision
    net = torchvision.models.resnet18(num_classes=10)
    net.conv1, net.maxpool = nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.Identity()
    net = net.double().eval()
    for index, (key, tensor) in enumerate(net.state_dict().items()):
        shape = tuple(tensor.shape)
        if key.endswith('tracked'): continue
        if key.endswith('running_var') or ('weight' in key and len(shape) == 1): tensor.copy_(1 + scrambled(shape, 0.1 * index, 0.1))
        elif len(shape) == 1: tensor.copy_(scrambled(shape, 0.1 * index, 0.1))
        else: tensor.copy_(scrambled(shape, 0.1 * index, 2 / np.sqrt(np.prod(shape[1:]))))
    return net, scrambled((2, 3, 32, 32), 0.5)

def transformer():
    from timm.models.vision_transformer import VisionTransformer
    net = VisionTransformer(img_size=32, patch_size=4, embed_dim=192, depth=12, num_heads=3, num_classes=10).eval().double()
    for index, (key, parameter) in enumerate(net.named_parameters()): parameter.data = transformer_value(key, tuple(parameter.shape), index)
    return net, scrambled((2, 3, 32, 32), 0.5)

def grid(tensor):
    return tensor[:, 1:].reshape(len(tensor), 8, 8, -1).permute(0, 3, 1, 2)

METHODS = {'grad-cam': pgc.GradCAM, 'grad-cam++': pgc.GradCAMPlusPlus, 'xgrad-cam': pgc.XGradCAM, 'hires-cam': pgc.HiResCAM, 'layer-cam': pgc.LayerCAM,
           'eigen-cam': pgc.EigenCAM, 'score-cam': pgc.ScoreCAM, 'ablation-cam': pgc.AblationCAM}

def raw(method, net, layer, images, reshape):
    """A map as pytorch-grad-cam has it before it rectifies, scales and resizes."""
    # One map at a time: pytorch-grad-cam lowers the value that stands for a map further for each map of a batch.
    options = dict(ablation_layer=pgc.ablation_layer.AblationLayerVit(), batch_size=1) if reshape and method is pgc.AblationCAM else {}
    with method(model=net, target_layers=[layer], reshape_transform=reshape, **options) as cam:
        kept = []
        cam.compute_cam_per_layer_original = cam.get_cam_image
        def image(*arguments):
            kept.append(cam.compute_cam_per_layer_original(*arguments)); return kept[-1]
        cam.get_cam_image = image
        final = cam(images, [ClassifierOutputTarget(t) for t in TARGETS[:len(images)]])
    return np.asarray(kept[0]), final

def layer_of(net, name):
    for part in name.split('.'): net = net[int(part)] if part.isdigit() else getattr(net, part)
    return net

def class_activation(out):
    plan = {'cnn': (cnn, ['relu1', 'relu2', 'pool'], None, 'pool'), 'resnet18': (resnet, ['layer2', 'layer4'], None, 'layer2'), 'vit': (transformer, ['blocks.11.norm1'], grid, 'blocks.11.norm1')}
    for name, (make, layers, reshape, expensive) in plan.items():
        net, images = make()
        for layer in layers:
            for method, cam in METHODS.items():
                # The layers of a network that is written anew for each call; pytorch-grad-cam replaces some.
                if method == 'score-cam' and layer != expensive: continue
                # A map of -1e7 in front of attention leaves single precision no figures of the others.
                if method == 'ablation-cam' and name == 'vit': continue
                few = images[:1] if method in ('score-cam', 'ablation-cam') else images
                # XGrad-CAM divides by the sums of maps: images of which no map of the normalized layer cancels more than 44 times.
                if method == 'xgrad-cam' and name == 'vit': few = scrambled(tuple(images.shape), 2.25)
                values, final = raw(cam, net, layer_of(net, layer), few, reshape)
                out[f'{name}.{layer}.{method}'] = values
                if method in ('grad-cam', 'layer-cam') and layer == layers[-1]: out[f'{name}.{layer}.{method}.final'] = final
    net, images = resnet()
    targets = [ClassifierOutputTarget(t) for t in TARGETS]
    for method in ('grad-cam', 'layer-cam'):
        with METHODS[method](model=net, target_layers=[net.layer2, net.layer3, net.layer4]) as cam: out[f'resnet18.mean.{method}'] = cam(images, targets)
    # Captum: the same map of one layer, with its sign.
    from captum.attr import LayerGradCam
    for name, make, layer in (('cnn', cnn, 'relu2'), ('resnet18', resnet, 'layer3')):
        net, images = make()
        out[f'captum.{name}.{layer}'] = LayerGradCam(net, getattr(net, layer)).attribute(images, target=torch.tensor(TARGETS))[:, 0]
    net, images = transformer()
    out['vit.blocks.11.norm2.ablation-cam'] = raw(METHODS['ablation-cam'], net, net.blocks[11].norm2, images[:1], grid)[0]

if __name__ == '__main__':
    out = {}
    class_activation(out)
    store('SmootAttributionTests/Fixtures/class_activation.safetensors', out)
