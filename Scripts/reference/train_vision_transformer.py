#!/usr/bin/env python3
"""Trains timm's vision transformer on CIFAR-10 with the recipe that smoot takes by default: AdamW, a cosine over epochs after a warm-up, crops out of padded images and mirror images,
cross-entropy alone (needs torch, timm, numpy; not part of continuous integration).

    python3 Scripts/reference/train_vision_transformer.py DATA_FOLDER --epochs 20 [--checkpoint FILE] [--dim 64 --depth 6 --heads 4 --patch-size 4 --batch-size 128]

Prints a line for each epoch: the accuracy on the test images, and the seconds of processor time (of all threads together) that training took so far, without evaluation.
"""
import argparse, math, os, time
import numpy as np, torch, torch.nn.functional as F
from timm.models.vision_transformer import VisionTransformer

parser = argparse.ArgumentParser()
parser.add_argument('data')
for name, value in (('epochs', 20), ('dim', 64), ('depth', 6), ('heads', 4), ('patch-size', 4), ('batch-size', 128), ('seed', 1), ('threads', 2), ('images', 50000)):
    parser.add_argument(f'--{name}', type=int, default=value)
parser.add_argument('--lr', type=float, default=1e-3)
parser.add_argument('--checkpoint', help='written after each epoch, and gone on from')
a = parser.parse_args()
torch.manual_seed(a.seed)
torch.set_num_threads(a.threads)

def load(names):
    rows = np.concatenate([np.fromfile(f'{a.data}/{name}', np.uint8).reshape(-1, 3073) for name in names])
    return torch.from_numpy(rows[:, 1:].reshape(-1, 3, 32, 32).copy()), torch.from_numpy(rows[:, 0].astype(np.int64))

images, labels = load([f'data_batch_{i}.bin' for i in range(1, 6)])
images, labels = images[:a.images], labels[:a.images]
test_images, test_labels = load(['test_batch.bin'])
mean, std = torch.tensor([0.4914, 0.4822, 0.4465]).view(3, 1, 1), torch.tensor([0.2470, 0.2435, 0.2616]).view(3, 1, 1)
scaled = lambda x: (x.float() / 255 - mean) / std

def changed(batch):
    padded, n = F.pad(batch, (4, 4, 4, 4)), len(batch)
    rows = torch.randint(0, 9, (n, 1)) + torch.arange(32)
    columns = torch.randint(0, 9, (n, 1)) + torch.arange(32)
    columns = torch.where(torch.rand(n, 1) < 0.5, columns, columns.flip(1))
    return padded[torch.arange(n).view(n, 1, 1, 1), torch.arange(3).view(1, 3, 1, 1), rows.view(n, 1, 32, 1), columns.view(n, 1, 1, 32)]

net = VisionTransformer(img_size=32, patch_size=a.patch_size, embed_dim=a.dim, depth=a.depth, num_heads=a.heads, num_classes=10)
optimizer = torch.optim.AdamW(net.parameters(), lr=a.lr, weight_decay=0.05)
warmup, seconds, first = min(5, a.epochs // 4), 0.0, 0
if a.checkpoint and os.path.exists(a.checkpoint):
    state = torch.load(a.checkpoint)
    net.load_state_dict(state['net']), optimizer.load_state_dict(state['optimizer']), torch.set_rng_state(state['random'])
    first, seconds = state['epoch'], state['seconds']
for epoch in range(first, a.epochs):
    rate = (epoch + 1) / warmup if epoch < warmup else (1 + math.cos(math.pi * (epoch - warmup) / (a.epochs - warmup))) / 2
    for group in optimizer.param_groups: group['lr'] = a.lr * rate
    net.train()
    start = time.process_time()
    for places in torch.randperm(len(images)).split(a.batch_size):
        loss = F.cross_entropy(net(scaled(changed(images[places]))), labels[places])
        optimizer.zero_grad(), loss.backward(), optimizer.step()
    seconds += time.process_time() - start
    net.eval()
    with torch.no_grad():
        right = sum((net(scaled(x)).argmax(1) == y).sum().item() for x, y in zip(test_images.split(500), test_labels.split(500)))
    print(f'epoch {epoch + 1}/{a.epochs}: test accuracy {100 * right / len(test_labels):.2f}, {len(images) * (epoch + 1) / seconds:.0f} images/s, {seconds:.0f} s', flush=True)
    if a.checkpoint:
        state = {'net': net.state_dict(), 'optimizer': optimizer.state_dict(), 'random': torch.get_rng_state(), 'epoch': epoch + 1, 'seconds': seconds}
        torch.save(state, a.checkpoint + '.new')
        os.replace(a.checkpoint + '.new', a.checkpoint)
