#!/usr/bin/env python3
"""The steps that smoot times, in PyTorch, for side-by-side measurements (needs torch, timm, torchvision and numpy; not part of continuous integration).

    python3 Scripts/reference/peer.py step --model cnn --method smoot --batch-size 256 --steps 15 --data FOLDER [--precision bf16] [--compile]
    python3 Scripts/reference/peer.py auc --model cnn --data FOLDER --images 10000

FOLDER holds MNIST's four .gz files, or CIFAR-10's data_batch_*.bin and test_batch.bin. Images are channels-last where there are convolutions, everything is done on whole batches, and
nothing is computed that the step does not need. Prints one line of JSON: the median time, images a second, the peak memory of the process.
"""
import argparse, json, os, resource, statistics, time
import torch, torch.nn.functional as F
from peer_models import images_and_labels, make_model

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument('job', choices=['step', 'auc'])
parser.add_argument('--model', choices=['cnn', 'vit-tiny', 'vit-micro', 'resnet18'], default='cnn')
parser.add_argument('--method', choices=['traditional', 'sgt', 'smoot'], default='smoot')
parser.add_argument('--precision', choices=['fp32', 'bf16'], default='fp32')
parser.add_argument('--data', required=True)
parser.add_argument('--batch-size', type=int, default=256)
parser.add_argument('--steps', type=int, default=15)
parser.add_argument('--images', type=int, default=10000)
parser.add_argument('--threads', type=int, default=os.cpu_count())
parser.add_argument('--compile', action='store_true')
a = parser.parse_args()
torch.manual_seed(1)
torch.set_num_threads(a.threads)

count = a.batch_size if a.job == 'step' else a.images
images, labels = images_and_labels(a.data, 'train' if a.job == 'step' else 'test', count)
channels, side = images.shape[1], images.shape[2]
pixels = side * side
net = make_model(a.model, channels, side)
if a.model == 'cnn': optimizer = torch.optim.Adadelta(net.parameters(), lr=1.0)
elif a.model == 'resnet18': optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
else: optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.05)
forward = torch.compile(net) if a.compile else net
if a.model in ('cnn', 'resnet18'): images = images.contiguous(memory_format=torch.channels_last)


def logits(batch):
    with torch.autocast('cpu', torch.bfloat16, enabled=a.precision == 'bf16'):
        return forward(batch).float()


def saliency(batch, labels):
    leaf = batch.detach().requires_grad_(True)
    scores = F.log_softmax(logits(leaf), 1).gather(1, labels[:, None]).sum()
    return torch.autograd.grad(scores, leaf)[0].mean(1).flatten(1)


k = torch.full((count,), 0.5 * pixels)


def step():
    optimizer.zero_grad(set_to_none=True)
    if a.method == 'traditional':
        F.cross_entropy(logits(images), labels).backward()
        optimizer.step()
        return
    net.eval()
    gradient = saliency(images, labels)
    net.train()
    masked_count = k.floor() if a.method == 'smoot' else torch.full((count,), pixels // 2)
    mask = (gradient.argsort(1).argsort(1) < masked_count[:, None]).view(count, 1, side, side)
    low, high = images.amin((2, 3), keepdim=True), images.amax((2, 3), keepdim=True)
    masked = torch.where(mask, low + (high - low) * torch.rand_like(images), images)
    clean, other = F.log_softmax(logits(images), 1), F.log_softmax(logits(masked), 1)
    (F.nll_loss(clean, labels) + F.kl_div(other, clean, log_target=True, reduction='batchmean')).backward()
    optimizer.step()
    if a.method == 'smoot':
        with torch.no_grad():
            change = other.exp() - clean.exp()
            first = change.gather(1, labels[:, None])[:, 0]
            places = clean.topk(5, 1).indices
            others = (change.gather(1, places) * (places != labels[:, None])).sum(1)
            k.add_(10 * (0.95 * first + 0.05 * others)).clamp_(0.2 * pixels, 0.8 * pixels)


def accuracy_drop():
    net.eval()
    hits = torch.zeros(10)
    for start in range(0, count, 500):
        batch, classes = images[start:start + 500], labels[start:start + 500]
        rank = (-saliency(batch, classes).abs()).argsort(1).argsort(1)
        with torch.no_grad():
            for tenth in range(10):
                removed = (rank < pixels * tenth // 10).view(-1, 1, side, side)
                hits[tenth] += (logits(torch.where(removed, batch[:, :, :1, :1], batch)).argmax(1) == classes).sum()


net.train()
if a.job == 'step':
    for _ in range(3): step()
times = []
for _ in range(a.steps if a.job == 'step' else 1):
    start = time.perf_counter()
    step() if a.job == 'step' else accuracy_drop()
    times.append(time.perf_counter() - start)
median = statistics.median(times)
print(json.dumps(dict(
    peer=f'torch {torch.__version__}', job=a.job, model=a.model, method=a.method, precision=a.precision, compiled=a.compile, batch=count, threads=a.threads,
    ms_per_step=round(1000 * median, 2), images_per_second=round(count / median, 1), peak_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))))
