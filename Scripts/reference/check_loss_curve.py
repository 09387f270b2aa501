#!/usr/bin/env python3
"""Trains resnet18 (CIFAR stem) with smoot and with PyTorch on the same batches, from the same weights, and compares the losses (needs torch, torchvision, safetensors; not part of
continuous integration).

    python3 Scripts/reference/check_loss_curve.py SMOOT DATA_FOLDER [STEPS] [BATCH] [LEARNING_RATE]

The order of the batches is worked out here from its definition: Fisher and Yates with Philox4x32-10. Prints the largest difference of the losses, and that between two of PyTorch's
own ways to compute them (with channels last): batch normalization magnifies rounding errors from step to step, and at learning rates that people use PyTorch soon disagrees with itself
(at 0.001 and batches of 32 by 0.002 after 10 steps, by 0.08 after 200), so that the default is a small one.
"""
import json, os, subprocess, sys, tempfile, time
import numpy as np, torch, torch.nn.functional as F, torchvision
from safetensors.torch import save_file

smoot, data = os.path.abspath(sys.argv[1]), sys.argv[2]
steps, batch = int(sys.argv[3]) if len(sys.argv) > 3 else 200, int(sys.argv[4]) if len(sys.argv) > 4 else 64
rate = sys.argv[5] if len(sys.argv) > 5 else '2e-5'
M64 = (1 << 64) - 1

def mixed(x):
    x = ((x ^ (x >> 30)) * 0xbf58476d1ce4e5b9) & M64
    x = ((x ^ (x >> 27)) * 0x94d049bb133111eb) & M64
    return x ^ (x >> 31)

def derived(stream, value):
    if isinstance(value, str):
        hash = 0xcbf29ce484222325
        for byte in value.encode(): hash = ((hash ^ byte) * 0x100000001b3) & M64
        value = hash
    return mixed(mixed((stream + 0x9e3779b97f4a7c15) & M64) ^ (value & M64))

def philox(key, stream, index):
    c = [index & 0xffffffff, index >> 32, stream & 0xffffffff, stream >> 32]
    k = [key & 0xffffffff, key >> 32]
    for _ in range(10):
        p0, p1 = c[0] * 0xd2511f53, c[2] * 0xcd9e8d57
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & 0xffffffff, (p0 >> 32) ^ c[3] ^ k[1], p0 & 0xffffffff]
        k = [(k[0] + 0x9e3779b9) & 0xffffffff, (k[1] + 0xbb67ae85) & 0xffffffff]
    return c[0] | c[1] << 32

def order(count, seed, epoch):
    stream, places = derived(derived(0, 'order'), epoch), list(range(count))
    for last in range(count - 1, 0, -1):
        other = (philox(seed, stream, last) * (last + 1)) >> 64
        places[last], places[other] = places[other], places[last]
    return places

folder = tempfile.mkdtemp()
count = steps * batch
records = np.concatenate([np.fromfile(f'{data}/data_batch_{i}.bin', np.uint8).reshape(-1, 3073) for i in range(1, 6)])[:count]
mean, std = np.float32([0.4914, 0.4822, 0.4465]).reshape(3, 1, 1), np.float32([0.2470, 0.2435, 0.2616]).reshape(3, 1, 1)
images = torch.from_numpy((records[:, 1:].reshape(-1, 3, 32, 32).astype(np.float32) / 255 - mean) / std)
labels = torch.from_numpy(records[:, 0].astype(np.int64))

def network():
    torch.manual_seed(0)
    net = torchvision.models.resnet18(num_classes=10)
    net.conv1, net.maxpool = torch.nn.Conv2d(3, 64, 3, 1, 1, bias=False), torch.nn.Identity()
    return net.train()

def losses(net, images):
    optimizer = torch.optim.SGD(net.parameters(), lr=float(rate), momentum=0.9, weight_decay=5e-4)
    places, found, start = order(count, 1, 0), [], time.time()
    for step in range(steps):
        chosen = places[step * batch:(step + 1) * batch]
        loss = F.cross_entropy(net(images[chosen]), labels[chosen])
        optimizer.zero_grad(), loss.backward(), optimizer.step()
        found.append(loss.item())
    print(f'PyTorch: {len(found)} steps in {time.time() - start:.0f} s', flush=True)
    return np.array(found)

net = network()
save_file({k: v.contiguous() for k, v in net.state_dict().items()}, f'{folder}/weights.safetensors')

start = time.time()
subprocess.run([smoot, 'train', '--dataset', 'cifar10', '--data', data, '--model', 'resnet18', '--method', 'traditional', '--init', f'{folder}/weights.safetensors',
                '--optimizer', 'sgd', '--lr', rate, '--momentum', '0.9', '--weight-decay', '0.0005', '--schedule', 'constant', '--flip', 'false', '--crop-padding', '0',
                '--epochs', '1', '--batch-size', str(batch), '--limit-train', str(count), '--limit-test', '100', '--log-interval', '1', '--seed', '1',
                '--output', folder, '--name', 'run', '--quiet'], check=True)
ours = [json.loads(line)['loss'] for line in open(f'{folder}/run/steps.jsonl')]
print(f'smoot: {len(ours)} steps in {time.time() - start:.0f} s')

theirs = losses(net, images)
others = losses(network().to(memory_format=torch.channels_last), images.to(memory_format=torch.channels_last))

def report(title, one, other):
    difference = np.abs(one - other)
    print(f'{title}: at most ' + ', '.join(f'{difference[:n].max():.1e} in {n} steps' for n in (10, 50, 100, steps)))

print(f'loss {ours[0]:.4f} -> {ours[-1]:.4f}')
report('smoot and PyTorch', np.array(ours), theirs)
report('PyTorch and PyTorch with channels last', theirs, others)
