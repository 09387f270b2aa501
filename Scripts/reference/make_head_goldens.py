#!/usr/bin/env python3
"""Writes the reference numbers of attention heads with PyTorch (needs torch, numpy, safetensors; not part of the test run).

    python3 Scripts/reference/make_head_goldens.py

The network is the paper CNN with weights by the formula of make_goldens.py; dropped keys and weights are drawn by an implementation of Philox4x32-10 of its own, so the
streams of random numbers are checked as well. Everything is computed in double precision and stored as float32; of large gradients every 997th number.
"""
import os
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F
from safetensors.numpy import save_file
from make_goldens import formula, scrambled, store

MASK64 = (1 << 64) - 1

def mixed(x):
    x = ((x ^ (x >> 30)) * 0xbf58476d1ce4e5b9) & MASK64
    x = ((x ^ (x >> 27)) * 0x94d049bb133111eb) & MASK64
    return x ^ (x >> 31)

class Key:
    """RandomKey: a seed, and what the numbers are for."""
    def __init__(self, seed, stream=0): self.seed, self.stream = seed, stream
    def derived(self, value):
        if isinstance(value, str):
            name, value = value, 0xcbf29ce484222325
            for byte in name.encode(): value = ((value ^ byte) * 0x100000001b3) & MASK64
        return Key(self.seed, mixed(mixed((self.stream + 0x9e3779b97f4a7c15) & MASK64) ^ value))
    def uniform(self, count):
        low = np.uint64(0xffffffff)
        index = np.arange((count + 3) // 4, dtype=np.uint64)
        c = [index & low, index >> np.uint64(32),
             np.full_like(index, self.stream & 0xffffffff), np.full_like(index, self.stream >> 32)]
        k0, k1 = self.seed & 0xffffffff, self.seed >> 32
        for _ in range(10):
            p0, p1 = c[0] * np.uint64(0xd2511f53), c[2] * np.uint64(0xcd9e8d57)
            c = [(p1 >> np.uint64(32)) ^ c[1] ^ np.uint64(k0), p1 & low,
                 (p0 >> np.uint64(32)) ^ c[3] ^ np.uint64(k1), p0 & low]
            k0, k1 = (k0 + 0x9e3779b9) & 0xffffffff, (k1 + 0xbb67ae85) & 0xffffffff
        bits = np.stack(c, 1).reshape(-1)[:count]
        return (bits >> np.uint64(8)).astype(np.float32) * np.float32(2.0 ** -24)

def attended(x, kind, dropped, rate):
    """Tokens [batch, tokens, channels] that are query, key and value at once."""
    scores = x @ x.transpose(1, 2) / np.sqrt(x.shape[2])
    if kind == 'dropkey' and dropped is not None: scores = scores + dropped * -1e12
    weights = scores.softmax(2)
    if kind == 'dropout' and dropped is not None: weights = weights * (1 - dropped) / (1 - rate)
    return weights @ x

class HeadedCNN(nn.Module):
    def __init__(self, kind, readout, cells):
        super().__init__()
        self.kind, self.readout, self.cells = kind, readout, cells
        self.conv1, self.conv2 = nn.Conv2d(1, 32, 3), nn.Conv2d(32, 64, 3)
        if readout == 'flatten':
            self.fc1, self.fc2 = nn.Linear(64 * cells ** 2, 128), nn.Linear(128, 10)
        else:
            self.fc = nn.Linear(64, 10)
    def forward(self, x, dropped=None, rate=0):
        x = F.max_pool2d(F.relu(self.conv2(F.relu(self.conv1(x)))), 2)
        x = F.adaptive_avg_pool2d(x, self.cells)
        tokens = attended(x.flatten(2).transpose(1, 2), self.kind, dropped, rate)
        x = tokens.transpose(1, 2).reshape(x.shape)
        if self.readout == 'mean': return self.fc(x.mean((2, 3)))
        return self.fc2(F.relu(self.fc1(x.flatten(1))))

def heads():
    out, rate, labels = {}, 0.3, torch.tensor([3, 1, 4])
    for kind, readout, cells in (('dropkey', 'flatten', 12), ('dropkey', 'mean', 6), ('dropout', 'flatten', 4), ('dropout', 'mean', 12)):
        net = HeadedCNN(kind, readout, cells)
        for index, (key, parameter) in enumerate(net.named_parameters()):
            fan = int(np.prod(parameter.shape[1:])) if parameter.dim() > 1 else 64
            parameter.data = scrambled(parameter.shape, 0.1 * index, 2 / np.sqrt(fan))
        tokens = cells ** 2
        draws = [Key(7).derived('masks').derived(i).derived(0).uniform(tokens ** 2) for i in range(3)]
        dropped = torch.tensor(np.stack(draws) < np.float32(rate)).reshape(3, tokens, tokens).double()
        for name, arguments in (('off', ()), ('on', (dropped, rate))):
            images = formula((3, 1, 28, 28), 0.5).requires_grad_(True)
            logits = net(images, *arguments)
            net.zero_grad()
            F.cross_entropy(logits, labels).backward()
            prefix = f'{kind}.{readout}.{name}'
            out[f'{prefix}.logits'], out[f'{prefix}.images'] = logits, images.grad.flatten()[::7]
            for key, parameter in net.named_parameters():
                g = parameter.grad.flatten()
                out[f'{prefix}.{key}'] = g if len(g) < 700 else g[::997]
    store('SmootNNTests/Fixtures/heads.safetensors', out)

if __name__ == '__main__':
    heads()
