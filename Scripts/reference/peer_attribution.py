#!/usr/bin/env python3
"""Times an attribution method of Captum or pytorch-grad-cam (needs torch, timm, torchvision, captum, grad-cam and numpy; not part of continuous integration).

    python3 Scripts/reference/peer_attribution.py --model cnn --data FOLDER --method smoothgrad --images 64 [--pass 128]

FOLDER is as for peer.py. Neither library has RISE: here it is written with batched masks. Methods take `--pass` images through the network at a time where the library lets them.
The first images warm up. Prints one line of JSON: images a second, the peak memory of the process.
"""
import argparse, json, os, resource, time
import torch, torch.nn.functional as F
from peer_models import images_and_labels, make_model

methods = ['gradient', 'smoothgrad', 'integrated-gradients', 'grad-cam', 'score-cam', 'rise', 'occlusion']
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument('--model', choices=['cnn', 'vit-tiny', 'resnet18'], default='cnn')
parser.add_argument('--data', required=True)
parser.add_argument('--method', choices=methods, default='gradient')
parser.add_argument('--images', type=int, default=64)
parser.add_argument('--pass', dest='size', type=int, default=128)
parser.add_argument('--threads', type=int, default=os.cpu_count())
a = parser.parse_args()
torch.manual_seed(1)
torch.set_num_threads(a.threads)
images, labels = images_and_labels(a.data, 'test', a.images)
channels, side = images.shape[1], images.shape[2]
net = make_model(a.model, channels, side).eval()


def layer():
    if a.model == 'cnn': return net.conv2
    return net.layer4[-1] if a.model == 'resnet18' else net.blocks[-1].norm1


def rise(x, targets, samples=1000, cells=7):
    step = -(-side // cells)
    grid = (torch.rand(samples, 1, cells, cells) < 0.5).float()
    large = F.interpolate(grid, size=(cells + 1) * step, mode='bilinear', align_corners=False)
    shift = torch.randint(0, step, (samples, 2))
    masks = torch.stack([m[:, i:i + side, j:j + side] for m, (i, j) in zip(large, shift.tolist())])
    maps = []
    with torch.no_grad():
        for image, target in zip(x, targets):
            scores = torch.cat([net(image * piece).softmax(1)[:, target] for piece in masks.split(a.size)])
            maps.append(torch.einsum('n,nhw->hw', scores, masks[:, 0]) / (samples * 0.5))
    return torch.stack(maps)


def make_method():
    from captum.attr import IntegratedGradients, NoiseTunnel, Occlusion, Saliency
    if a.method == 'gradient': return lambda x, y: torch.cat([Saliency(net).attribute(p, target=t, abs=False) for p, t in zip(x.split(a.size), y.split(a.size))])
    if a.method == 'smoothgrad':
        tunnel, deviation = NoiseTunnel(Saliency(net)), 0.15 * float(images.max() - images.min())
        per_image = max(1, a.size // 25)
        return lambda x, y: torch.cat([
            tunnel.attribute(p, nt_type='smoothgrad', nt_samples=25, nt_samples_batch_size=25, stdevs=deviation, target=t, abs=False)
            for p, t in zip(x.split(per_image), y.split(per_image))])
    if a.method == 'integrated-gradients': return lambda x, y: IntegratedGradients(net).attribute(x, target=y, n_steps=50, internal_batch_size=a.size)
    if a.method == 'occlusion':
        window = side // 8
        def cover(x, y):
            return Occlusion(net).attribute(x, sliding_window_shapes=(channels, window, window), strides=(channels, window // 2, window // 2), target=y,
                                            perturbations_per_eval=max(1, a.size // len(x)))
        return lambda x, y: torch.cat([cover(p, t) for p, t in zip(x.split(16), y.split(16))])
    if a.method == 'rise': return rise
    from pytorch_grad_cam import GradCAM, ScoreCAM
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
    tokens = None if a.model != 'vit-tiny' else lambda t: t[:, 1:].transpose(1, 2).reshape(len(t), -1, side // 4, side // 4)
    cam = (GradCAM if a.method == 'grad-cam' else ScoreCAM)(model=net, target_layers=[layer()], reshape_transform=tokens)
    if a.method == 'score-cam': cam.batch_size = a.size
    return lambda x, y: torch.cat([torch.tensor(cam(input_tensor=p, targets=[ClassifierOutputTarget(int(c)) for c in t])) for p, t in zip(x.split(32), y.split(32))])


method = make_method()
method(images[:a.size], labels[:a.size])
start = time.perf_counter()
method(images, labels)
seconds = time.perf_counter() - start
print(json.dumps(dict(
    peer=f'torch {torch.__version__}', model=a.model, method=a.method, images=a.images, threads=a.threads, images_per_second=round(a.images / seconds, 3),
    peak_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))))
