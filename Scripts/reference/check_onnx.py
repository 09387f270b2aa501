#!/usr/bin/env python3
"""Checks an exported ONNX file and compares onnxruntime's logits with smoot's (needs onnx, onnxruntime, numpy; not part of continuous integration).

    python3 Scripts/reference/check_onnx.py MODEL.onnx inputs.npy logits.npy [--tolerance 1e-4]

inputs.npy and logits.npy are what `smoot explain` writes. The file must pass onnx's full check, be byte for byte what onnx itself would write, take batches of 1, 7 and all
images, and give logits within the tolerance and the same classes. Prints one JSON object; the status is 1 when something is wrong.
"""
import argparse, json, sys
import numpy as np, onnx, onnxruntime

parser = argparse.ArgumentParser()
parser.add_argument('model'), parser.add_argument('inputs'), parser.add_argument('logits')
parser.add_argument('--tolerance', type=float, default=1e-4)
arguments = parser.parse_args()
faults = []

def expect(holds, what):
    if not holds:
        faults.append(what)

onnx.checker.check_model(arguments.model, full_check=True)
with open(arguments.model, 'rb') as file:
    content = file.read()
model = onnx.load_from_string(content)
expect(model.SerializeToString() == content, 'onnx writes other bytes for the same model')
expect([(o.domain, o.version) for o in model.opset_import] == [('', 17)], 'not operator set 17')
expect(model.ir_version == 8, 'not version 8 of the format')
metadata = {entry.key: entry.value for entry in model.metadata_props}
for key in ('mean', 'std', 'input_size', 'label_names', 'dataset', 'weights', 'smoot_version'):
    expect(key in metadata, f'no {key} in the metadata')

session = onnxruntime.InferenceSession(content, providers=['CPUExecutionProvider'])
port, result = session.get_inputs()[0], session.get_outputs()[0]
inputs, logits = np.load(arguments.inputs), np.load(arguments.logits)
expect(port.name == 'images' and list(port.shape) == ['batch', *inputs.shape[1:]], f'input {port.name} {port.shape}')
expect(result.name == 'logits' and list(result.shape) == ['batch', logits.shape[1]], f'output {result.name} {result.shape}')
expect(json.loads(metadata['input_size']) == list(inputs.shape[1:]), 'another input_size in the metadata')
expect(len(json.loads(metadata['label_names'])) == logits.shape[1], 'another number of label_names')

report = {'images': len(inputs), 'largest_logit': float(np.abs(logits).max())}
for size in (1, 7, len(inputs)):
    count = min(len(inputs), 1000 if size == len(inputs) else 4 * size)
    found = np.concatenate([session.run(None, {'images': inputs[i:i + min(size, 250)]})[0] for i in range(0, count, min(size, 250))])
    difference = float(np.abs(found - logits[:count]).max())
    report[f'difference_batch_{size}'] = difference
    expect(found.shape == logits[:count].shape and np.isfinite(found).all(), f'shape {found.shape} of a batch of {size}')
    expect(difference <= arguments.tolerance, f'batch {size}: logits differ by {difference}')
    expect((found.argmax(1) == logits[:count].argmax(1)).all(), f'batch {size}: other classes')
report['faults'] = faults
print(json.dumps(report))
sys.exit(bool(faults))
