#!/usr/bin/env python3
"""Writes the reference numbers of the faithfulness measures (needs torch, captum 0.9, grad-cam 1.5.7, quantus 0.6, scikit-image, scipy; not part of the test run).

    python3 Scripts/reference/make_faithfulness_goldens.py

The network is the papers' CNN with weights from a formula that the tests compute too. Images, maps and noise are drawn here and stored. Everything is computed in double precision.
Quantus divides maps by the greatest magnitude of all that it is given together, so it is given one image at a time wherever that matters. Quantus 0.6 calls numpy.trapz, which NumPy 2.4 has no more.
"""
import os, warnings
import numpy as np
if not hasattr(np, 'trapz'): np.trapz = np.trapezoid
import torch, torch.nn as nn, torch.nn.functional as F
import quantus, scipy.ndimage, scipy.stats, skimage.metrics
from captum.attr import IntegratedGradients, Saliency
from captum.metrics import infidelity, sensitivity_max
from pytorch_grad_cam.metrics.cam_mult_image import DropInConfidence, IncreaseInConfidence
from pytorch_grad_cam.metrics.perturbation_confidence import PerturbationConfidenceMetric, RemoveLeastRelevantFirst, RemoveMostRelevantFirst
from pytorch_grad_cam.metrics.road import NoisyLinearImputer
from pytorch_grad_cam.utils.model_targets import ClassifierOutputSoftmaxTarget
from safetensors.numpy import save_file
from peer_models import PaperCNN

warnings.filterwarnings('ignore')
torch.set_default_dtype(torch.float64)
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'Tests', 'SmootEvaluationTests', 'Fixtures')
rng = np.random.default_rng(20240607)

def store(file, tensors):
    path = os.path.join(ROOT, file + '.safetensors')
    save_file({k: np.ascontiguousarray(np.asarray(v.detach() if torch.is_tensor(v) else v, dtype=np.float32)) for k, v in tensors.items()},
              path, metadata={'torch': torch.__version__, 'quantus': quantus.__version__, 'numpy': np.__version__})
    print(file, os.path.getsize(path), 'bytes')

def single(values):
    """The numbers as the tests read them: rounded to float32, kept as float64."""
    return np.asarray(values, dtype=np.float32).astype(np.float64)

def scrambled(shape, phase, scale):
    i = np.arange(int(np.prod(shape)), dtype=np.float64)
    return torch.tensor(single(scale * np.sin(0.37 * i + 0.011 * i * i + phase)).reshape(shape))

def weight(name, shape, index, phase):
    """A value of the formula for each number of a parameter."""
    if len(shape) == 1: return scrambled(shape, phase + 0.1 * index, 0.1)
    return scrambled(shape, phase + 0.1 * index, 2.5 / np.sqrt(np.prod(shape[1:])))

def network(channels, side, phase=0.0):
    net = PaperCNN(channels, side).eval()
    for index, (name, parameter) in enumerate(net.named_parameters()): parameter.data = weight(name, tuple(parameter.shape), index, phase)
    return net

def smooth(shape, sigma):
    values = scipy.ndimage.gaussian_filter(rng.standard_normal(shape), (0,) * (len(shape) - 2) + (sigma, sigma))
    return single(values / values.std())

class Case:
    def __init__(self, channels, side, count):
        self.channels, self.side, self.count = channels, side, count
        self.net = network(channels, side)
        self.images = smooth((count, channels, side, side), 1.5)
        self.values = single(smooth((count, channels, side, side), 1.0) + 0.1 * rng.standard_normal((count, channels, side, side)))
        self.maps = single(smooth((count, side, side), 1.0) + 0.1 * rng.standard_normal((count, side, side)))
        with torch.no_grad(): self.logits = self.net(torch.tensor(self.images))
        self.targets = self.logits.argmax(1).numpy()
        self.targets[-1] = (self.targets[-1] + 3) % 10  # not always the prediction
    def scores(self, images, kind='prob'):
        with torch.no_grad(): logits = self.net(torch.tensor(images))
        if kind == 'prob': logits = F.softmax(logits, 1)
        return logits.numpy()[np.arange(self.count), self.targets]
    def one(self, i):
        return dict(model=self.net, x_batch=self.images[i:i + 1], y_batch=self.targets[i:i + 1], channel_first=True, device='cpu')

def perturbation_curves(case, out, prefix):
    step = (case.channels * case.side ** 2) // 24 if case.channels == 3 else case.side
    out[prefix + 'pixel_flipping'] = np.stack([np.asarray(quantus.PixelFlipping(features_in_step=step, disable_warnings=True)(a_batch=case.values[i:i + 1], **case.one(i)))[0] for i in range(case.count)])
    out[prefix + 'pixel_flipping_auc'] = [quantus.PixelFlipping(features_in_step=step, disable_warnings=True, return_auc_per_sample=True)(a_batch=case.values[i:i + 1], **case.one(i))[0] for i in range(case.count)]
    # RISE's evaluation, from its description: all channels of a pixel at once, 28 steps of 28 pixels or 16 steps of 64 pixels.
    pixels, step = case.side ** 2, 28 if case.side == 28 else 64
    kernel = np.zeros((11, 11)); kernel[5, 5] = 1
    kernel = torch.tensor(scipy.ndimage.gaussian_filter(kernel, 5))[None, None].repeat(case.channels, 1, 1, 1)
    blurred = F.conv2d(torch.tensor(case.images), kernel, padding=5, groups=case.channels).numpy()
    out[prefix + 'blurred'] = blurred
    order = np.argsort(-case.maps.reshape(case.count, -1), axis=1)
    for name, start, end in (('deletion', case.images, np.zeros_like(case.images)), ('insertion', blurred, case.images)):
        images, curve = start.reshape(case.count, case.channels, -1).copy(), []
        for taken in range(0, pixels + 1, step):
            curve.append(case.scores(images.reshape(case.images.shape)))
            for i in range(case.count): images[i][:, order[i, taken:taken + step]] = end.reshape(case.count, case.channels, -1)[i][:, order[i, taken:taken + step]]
        curve = np.stack(curve, 1)
        out[prefix + name] = curve
        out[prefix + name + '_auc'] = (curve.sum(1) - curve[:, 0] / 2 - curve[:, -1] / 2) / (curve.shape[1] - 1)
    # The accuracy-drop curve of given maps, as Ismail et al. describe it.
    right = []
    for percent in range(0, 100, 10):
        images = case.images.reshape(case.count, case.channels, -1).copy()
        count = max(1, int(pixels * percent / 100)) if percent else 0
        for i in range(case.count): images[i][:, np.argsort(-np.abs(case.maps[i].flatten()))[:count]] = case.images[i, :, 0, 0][:, None]
        with torch.no_grad(): right.append(case.net(torch.tensor(images.reshape(case.images.shape))).argmax(1).numpy() == case.targets)
    out[prefix + 'accuracy_drop'] = np.stack(right, 1)

def road(case, out, prefix):
    percents = [10, 30, 50, 70, 90]
    if case.channels == 1:  # Quantus takes the number of pixels for that of values, so colour does not work.
        hits = []
        for i in range(case.count):
            found = quantus.ROAD(percentages=percents, noise=0.0, disable_warnings=True)(a_batch=case.maps[i:i + 1, None], **case.one(i))
            hits.append([found[p] for p in percents])
        out[prefix + 'road_accuracy'] = hits
    targets = [ClassifierOutputSoftmaxTarget(int(t)) for t in case.targets]
    # pytorch-grad-cam imputes in single precision.
    for name, remover in (('most', RemoveMostRelevantFirst), ('least', RemoveLeastRelevantFirst)):
        curve = [PerturbationConfidenceMetric(remover(100 - p, NoisyLinearImputer(noise=0)))(torch.tensor(case.images).float(), case.maps, targets, lambda x: case.net(x.double()), return_diff=False) for p in percents]
        out[prefix + f'road_{name}'] = np.stack(curve, 1)

def imputation(out):
    """Holes of several kinds: the image without noise, the missing pixels, and what pytorch-grad-cam and Quantus make of them."""
    image = smooth((3, 24, 31), 2.0)
    masks = {'scattered': rng.random((24, 31)) < 0.9, 'block': np.zeros((24, 31), bool), 'nearly_all': np.ones((24, 31), bool), 'edge': np.zeros((24, 31), bool), 'smooth': smooth((24, 31), 3.0) > -1.0}
    masks['block'][3:22, 2:29] = True
    masks['nearly_all'][11, 30] = False
    masks['edge'][:, :12] = True; masks['edge'][:6] = True
    out['imputation.image'] = image
    for name, missing in masks.items():
        filled = NoisyLinearImputer(noise=0)(torch.tensor(image).float(), torch.tensor(1.0 - missing)).numpy()
        if name != 'nearly_all':
            other = quantus.functions.perturb_func.noisy_linear_imputation(image, np.argwhere(missing.flatten()).flatten(), noise=0.0)
            assert np.abs(other - filled).max() < 1e-5, name
        out[f'imputation.{name}.missing'], out[f'imputation.{name}.filled'] = missing, filled

def confidence(case, out, prefix):
    cams = case.maps - case.maps.min((1, 2), keepdims=True)
    cams = single(cams / cams.max((1, 2), keepdims=True))
    targets = [ClassifierOutputSoftmaxTarget(int(t)) for t in case.targets]
    out[prefix + 'cams'] = cams
    out[prefix + 'drop'] = DropInConfidence()(torch.tensor(case.images), cams, targets, case.net)
    out[prefix + 'increase'] = IncreaseInConfidence()(torch.tensor(case.images), cams, targets, case.net)
    clean, left = case.scores(case.images), case.scores(case.images * cams[:, None])
    out[prefix + 'relative_drop'] = np.maximum(0, clean - left) / clean

def infidelities(case, out, prefix):
    samples = 4
    values = case.values / 16  # so that sums of the map and changes of the logit are of one size
    noise = single(0.3 * rng.standard_normal((case.count, samples) + case.images.shape[1:]))
    out[prefix + 'noise'] = noise
    flat = torch.tensor(noise.reshape((-1,) + case.images.shape[1:]))
    for name, normalize in (('infidelity', False), ('infidelity_normalized', True)):
        out[prefix + name] = infidelity(case.net, lambda x: (flat, x - flat), torch.tensor(case.images), torch.tensor(values),
                                        target=torch.tensor(case.targets), n_perturb_samples=samples, normalize=normalize)
    side = 7 if case.side == 28 else 8
    out[prefix + 'infidelity_blocks'] = [quantus.Infidelity(perturb_patch_sizes=[side], n_perturb_samples=1, disable_warnings=True)(a_batch=values[i:i + 1], **case.one(i))[0] for i in range(case.count)]
    def explain(inputs):
        x = inputs[0] if isinstance(inputs, tuple) else inputs
        found = Saliency(case.net).attribute(x, target=torch.tensor(np.repeat(case.targets, len(x) // case.count)), abs=False)
        return (found,) if isinstance(inputs, tuple) else found
    small = 0.1 * flat
    with torch.enable_grad():
        out[prefix + 'max_sensitivity'] = sensitivity_max(explain, torch.tensor(case.images), perturb_func=lambda x: x + small, n_perturb_samples=samples)
    replay = []
    def perturb(arr, indices, **_):
        replay.append(1)
        return arr + (0.1 * noise[:, len(replay) - 1]).reshape(arr.shape)
    def explained(model, inputs, targets, **_):
        return Saliency(model).attribute(torch.tensor(inputs), target=torch.tensor(targets), abs=False).numpy()
    found = quantus.MaxSensitivity(nr_samples=samples, perturb_func=perturb, disable_warnings=True)(
        model=case.net, x_batch=case.images, y_batch=case.targets, a_batch=explained(case.net, case.images, case.targets), explain_func=explained, channel_first=True, device='cpu')
    assert np.abs(found - out[prefix + 'max_sensitivity'].numpy()).max() < 1e-9
    start = torch.zeros_like(torch.tensor(case.images))
    out[prefix + 'convergence_delta'] = IntegratedGradients(case.net).compute_convergence_delta(
        torch.tensor(values), start, torch.tensor(case.images), target=torch.tensor(case.targets))

def properties(case, out, prefix):
    for name, metric in (('sparseness', quantus.Sparseness), ('complexity', quantus.Complexity), ('effective_complexity', quantus.EffectiveComplexity)):
        arguments = dict(eps=0.2) if name == 'effective_complexity' else {}
        out[prefix + name] = [metric(disable_warnings=True, **arguments)(a_batch=case.maps[i:i + 1, None].copy(), **case.one(i))[0] for i in range(case.count)]
    objects = smooth((case.count, case.side, case.side), 4.0) > 0.5
    objects[0].flat[case.maps[0].argmax()] = True
    objects[1].flat[case.maps[1].argmax()] = False
    out[prefix + 'objects'] = objects
    positive = np.maximum(case.maps, 0)
    for name, metric in (('pointing_game', quantus.PointingGame), ('relevance_mass', quantus.RelevanceMassAccuracy), ('relevance_rank', quantus.RelevanceRankAccuracy)):
        out[prefix + name] = [float(metric(disable_warnings=True)(a_batch=positive[i:i + 1, None].copy(), s_batch=objects[i:i + 1, None], **case.one(i))[0]) for i in range(case.count)]

def randomization(case, out, prefix):
    """Quantus' test with new values from the formula (phase 5) in place of drawn ones."""
    formula = network(case.channels, case.side, 5.0).state_dict()
    def reset(kind):
        def function(self):
            shape = tuple(self.weight.shape)
            name = next(n for n in ('conv1', 'conv2', 'fc1', 'fc2') if tuple(formula[n + '.weight'].shape) == shape)
            self.weight.data, self.bias.data = formula[name + '.weight'].clone(), formula[name + '.bias'].clone()
        return function
    def explained(model, inputs, targets, **_):
        return Saliency(model).attribute(torch.tensor(np.asarray(inputs)), target=torch.tensor(targets), abs=False).numpy()
    def structure(a, b, batched=False, **_):
        shape = (-1, case.side, case.side)
        return np.array(quantus.similarity_func.ssim(a.reshape(shape), b.reshape(shape), batched=True))
    kept = {kind: kind.reset_parameters for kind in (nn.Conv2d, nn.Linear)}
    for kind in kept: kind.reset_parameters = reset(kind)
    maps = explained(case.net, case.images, case.targets)
    for order, ours in (('top_down', 'cascading'), ('independent', 'independent')):
        for name, similarity in (('spearman', quantus.similarity_func.correlation_spearman), ('ssim', structure)):
            rows = []
            for i in range(case.count):
                found = quantus.MPRT(similarity_func=similarity, layer_order=order, disable_warnings=True)(a_batch=maps[i:i + 1].copy() / np.abs(maps[i]).max(), explain_func=explained, **case.one(i))
                layers = [k for k in found if k != 'original']
                assert layers == (['fc2', 'fc1', 'conv2', 'conv1'] if order == 'top_down' else ['conv1', 'conv2', 'fc1', 'fc2']), layers
                rows.append([found[l][0] for l in ('fc2', 'fc1', 'conv2', 'conv1')])
            out[f'{prefix}randomization_{ours}_{name}'] = rows
    for kind, function in kept.items(): kind.reset_parameters = function

def similarity(out):
    a, b = smooth((4, 13, 17), 1.0), smooth((4, 13, 17), 1.0)
    b[0] = single(a[0] + 0.5 * b[0])
    a[1], b[1] = np.round(a[1]), np.round(2 * b[1]) / 2  # many equal values
    b[2] = -a[2]
    out['similarity.a'], out['similarity.b'] = a, b
    out['similarity.spearman'] = [scipy.stats.spearmanr(x.flatten(), y.flatten())[0] for x, y in zip(a, b)]
    out['similarity.ssim'] = [skimage.metrics.structural_similarity(x, y, data_range=max(x.max(), y.max()) - min(x.min(), y.min())) for x, y in zip(a, b)]

grey, colour = Case(1, 28, 4), Case(3, 32, 2)
for name, case in (('28x28x1', grey), ('32x32x3', colour)):
    out = {'images': case.images, 'values': case.values, 'maps': case.maps, 'targets': case.targets, 'logits': case.logits}
    perturbation_curves(case, out, '')
    road(case, out, '')
    confidence(case, out, '')
    infidelities(case, out, '')
    properties(case, out, '')
    if case.channels == 1: randomization(case, out, '')
    store(f'measures_{name}', out)
out = {}
imputation(out)
similarity(out)
store('imputation', out)
