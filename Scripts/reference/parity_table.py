#!/usr/bin/env python3
"""Writes docs/ATTRIBUTION-PARITY.md from what the attribution tests print (needs nothing but Python).

    swift test -c release --no-parallel --filter SmootAttributionTests | python3 Scripts/reference/parity_table.py
"""
import os, sys

MODELS = ['cnn', 'resnet18', 'resnet50', 'vit-tiny']
WINOGRAD = ['resnet18, winograd', 'resnet50, winograd']
# Why a cell has no number: the sign in the cell, what it says, and for which methods (beginnings of names) and networks it holds.
REASONS = [
    ('a', 'refused: there is no rule for GELU, layer normalization or attention.', ('deconvnet', 'deeplift', 'guided-', 'lrp', 'relevance-cam', 'shallow-relevance-cam'), ['vit-tiny']),
    ('b', "Captum takes a transformer's tokens for feature maps: its map is not one of the image.", ('grad-cam',), ['vit-tiny']),
    ('c', 'refused: there is no attention to explain.', ('attention-',), MODELS[:3]),
    ('d', 'shown where the sums nearly cancel, which they do on the transformer alone.', ('xgrad-cam of',), MODELS[:3]),
    ('e', "written out for the networks with a number; no other library's map exists to compare with.", ('',), MODELS),
]
HEAD = """# How near the maps are to other libraries'

The largest absolute difference of a map from the reference's, divided by the largest magnitude of the reference's map; the worst of two images and of all layers compared. Our side computes in
float32, the reference in float64 (Captum 0.9, pytorch-grad-cam 1.5.7, zennit 1.0; `Scripts/reference` has the programs). Weights, images, noise and masks are given to both, so that nothing is left to
chance. This table is written by `Scripts/reference/parity_table.py` from what the tests print; the tests fail above 1e-4.

- "written out": no library has the method, or its code is not what its paper says; the reference is the definition in PyTorch.
- A gradient jumps where the input of a ReLU crosses zero. Images and draws of the first table are chosen so that no input of a ReLU or max-pool lies within a rounding error of such a kink.
- Every third or eleventh number of maps of pixels is compared, and the largest magnitude of all of them; maps of layers are compared whole.
- eigen-cam is compared up to its sign, which LAPACK chooses.
- xgrad-cam divides by the sums of maps, which nearly cancel behind a transformer's normalization: the weights magnify the rounding of the network, which is 4e-7, by the ratio of the sum of magnitudes to
  the sum. Of 20 pairs of images the one whose ratios are smallest, 44, is compared. With those of the other methods the ratio is 229, the map differs by 1.5e-4, and PyTorch's own float32 is off by 8.6e-5;
  from the reference's values of that layer, rounded once to float32, ours differs by 7e-7 (the row "of the reference's values").
- attention-lrp divides by sums that nearly cancel, and loses figures with each block: on twelve blocks with random weights PyTorch's own float32 differs from its float64 by 1e-5 to more than the
  map itself, image by image. It is compared on three blocks, with images for which PyTorch's float32 agrees with its float64 to 1e-5. Read its maps of deep networks with that in mind.

"""
FOOT = """
## Not compared with another library

- eigen-cam with convention paper, and the conventions of Grad-CAM++, XGrad-CAM and Ablation-CAM other than pgc: cases worked by hand in the tests.
- ablation-cam on a transformer: pytorch-grad-cam's weights depend on the size of its batches there, so that it is given one map at a time; and on the layer behind attention only (`norm2`), as a
  map of -1e7 in front of attention leaves single precision no figures of the others.
- score-cam, on one layer of each of two networks and of ResNet-50: a pass for each map is slow in double precision.
- DeepLIFT, guided backpropagation, deconvnet and relevance propagation on transformers: they have no rule for GELU, layer normalization or attention, and are refused.
- smoothgrad of other methods than gradient; RISE against its authors' program, which draws its masks itself; random and edges, the controls.
- Captum's gamma and alpha1-beta0 rules get a larger stabilizer: they divide by sums that cross zero, with 1e-9 to hold on to.

## DeepLIFT and unmodified Captum

Captum's DeepLIFT is mended in two places before it is compared, so that maps from Captum as it is installed differ from ours: from a baseline of zero by 18 % of the
largest magnitude on cnn and by 7 % on resnet50, from baselines that are images by 82 % and 176 %.

- Where a max-pool directly follows a ReLU module, the hooks of both sit on one tensor, and the max-pool gets its plain gradient instead of the rule. A copy of the tensor between the two brings the rule
  back.
- Where windows of a max-pool overlap, as in ResNet's first stage, `max_unpool2d` overwrites gradients instead of adding them.

A network without max-pool, such as resnet18 here, has the same maps in both. `make_attribution_goldens.py` has both mends.
"""

rows, winograd = {}, {}
for line in sys.stdin:
    if not line.startswith('parity | '): continue
    _, method, model, layer, reference, value = [part.strip() for part in line.split('|')]
    if model in WINOGRAD:
        winograd.setdefault((method, reference), {})[model] = max(float(value), winograd.get((method, reference), {}).get(model, 0.0))
        continue
    cell = rows.setdefault((method, reference), {}).setdefault(model, [0.0, []])
    cell[0] = max(cell[0], float(value))
    if layer and layer not in cell[1]: cell[1].append(layer)
if not rows: sys.exit('no line begins with "parity |"')

def reason(method, reference, model):
    for sign, _, methods, models in REASONS:
        if method.startswith(methods) and model in models and (sign != 'b' or reference == 'Captum') and (sign != 'e' or reference == 'written out'): return f'– ({sign})'
    return ''

text = HEAD + '| method | reference | ' + ' | '.join(MODELS) + ' |\n|---|---|' + '---|' * len(MODELS) + '\n'
for (method, reference), cells in sorted(rows.items(), key=lambda row: (row[0][1] == 'written out', row[0])):
    parts = [f'{cells[m][0]:.1e}' + (f' ({len(cells[m][1])} layers)' if len(cells[m][1]) > 1 else '') if m in cells else reason(method, reference, m) for m in MODELS]
    text += f'| {method} | {reference} | ' + ' | '.join(parts) + ' |\n'
text += '\n' + ''.join(f'- ({sign}) {what}\n' for sign, what, _, _ in REASONS)
worst = max((cell[0], key[0], model) for key, cells in rows.items() for model, cell in cells.items())
text += f'\n{sum(len(c) for c in rows.values())} comparisons of {len(rows)} kinds of maps; the largest difference is {worst[0]:.1e} ({worst[1]}, {worst[2]}).\n'
if winograd:
    text += """
## Convolutions by Winograd's method

With `--convolution winograd` the other last bits of the network are magnified by rules that divide by small sums, so that the tests fail above 2e-4 here instead of 1e-4. The references are the same.

"""
    text += '| method | reference | ' + ' | '.join(m.split(',')[0] for m in WINOGRAD) + ' |\n|---|---|---|---|\n'
    for (method, reference), cells in sorted(winograd.items()):
        text += f'| {method} | {reference} | ' + ' | '.join(f'{cells[m]:.1e}' if m in cells else '' for m in WINOGRAD) + ' |\n'
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'docs', 'ATTRIBUTION-PARITY.md')
open(path, 'w').write(text + FOOT)
print(path)
