"""Networks and images that the PyTorch measurements share (needs torch, timm, torchvision and numpy)."""
import gzip, os
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F


def images_and_labels(folder, split, count):
    """The first normalized images of a folder with MNIST's four .gz files, or CIFAR-10's data_batch_*.bin and test_batch.bin."""
    if os.path.exists(f'{folder}/test_batch.bin'):
        rows = np.fromfile(f"{folder}/{'test_batch' if split == 'test' else 'data_batch_1'}.bin", np.uint8).reshape(-1, 3073)[:count]
        images, labels = rows[:, 1:].reshape(-1, 3, 32, 32), rows[:, 0]
        mean, deviation = np.array([0.4914, 0.4822, 0.4465]), np.array([0.2470, 0.2435, 0.2616])
    else:
        prefix = 't10k' if split == 'test' else 'train'
        images = np.frombuffer(gzip.open(f'{folder}/{prefix}-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)[:count]
        labels = np.frombuffer(gzip.open(f'{folder}/{prefix}-labels-idx1-ubyte.gz').read(), np.uint8, offset=8)[:count]
        mean, deviation = np.array([0.1307]), np.array([0.3081])
    scaled = (images / 255 - mean.reshape(1, -1, 1, 1)) / deviation.reshape(1, -1, 1, 1)
    return torch.tensor(scaled, dtype=torch.float32), torch.tensor(labels.astype(np.int64))


class PaperCNN(nn.Module):
    def __init__(self, channels, side):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(channels, 32, 3), nn.Conv2d(32, 64, 3)
        self.fc1, self.fc2 = nn.Linear(64 * ((side - 4) // 2) ** 2, 128), nn.Linear(128, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv2(F.relu(self.conv1(x)))), 2)
        x = F.relu(self.fc1(F.dropout(x, 0.25, self.training).flatten(1)))
        return self.fc2(F.dropout(x, 0.5, self.training))


def make_model(name, channels, side):
    """A network with random weights; channels-last where there are convolutions."""
    if name == 'cnn': return PaperCNN(channels, side).to(memory_format=torch.channels_last)
    if name == 'resnet18':
        import torchvision
        net = torchvision.models.resnet18(num_classes=10)
        net.conv1, net.maxpool = nn.Conv2d(channels, 64, 3, 1, 1, bias=False), nn.Identity()
        return net.to(memory_format=torch.channels_last)
    from timm.models.vision_transformer import VisionTransformer
    width, depth, heads = (192, 12, 3) if name == 'vit-tiny' else (64, 6, 4)
    return VisionTransformer(img_size=side, patch_size=4, in_chans=channels, num_classes=10, embed_dim=width, depth=depth, num_heads=heads)
