"""NumPy and PyTorch as contenders: full-batch gradient descent in float32, asked line by line.

The first argument names the form: numpy, torch, torch-1-thread, torch-cuda or torch-cuda-graph. Each
line of standard input is a question in JSON; each gets one line of JSON on standard output. Arrays come
as base64 of little-endian float32. What cannot be done is answered by {"refused": why}.
"""
import base64
import json
import sys


def array(np, text, columns):
    return np.frombuffer(base64.b64decode(text), "<f4").reshape(-1, columns).copy()


class NumPyTraining:
    """A step written out by hand, as the notebook has it."""

    def __init__(self, question):
        import numpy as np

        self.np = np
        self.note = f"NumPy {np.__version__}"
        self.is_relu = question["activation"] == "relu"
        self.is_softmax = question["outputs"] > 1
        self.rate = np.float32(question["learning_rate"])
        self.weights = [array(np, w, n) for w, n in zip(question["weights"], question["widths"][1:])]
        self.biases = [array(np, b, n) for b, n in zip(question["biases"], question["widths"][1:])]
        self.x = array(np, question["features"], question["widths"][0])
        self.y = array(np, question["targets"], question["outputs"])
        self.test = array(np, question["test_features"], question["widths"][0])

    def forward(self, x):
        np = self.np
        activations = [x]
        last = len(self.weights) - 1
        for i, (w, b) in enumerate(zip(self.weights, self.biases)):
            z = activations[-1] @ w + b
            if i < last:
                z = np.maximum(z, 0) if self.is_relu else 1 / (1 + np.exp(-z))
            elif self.is_softmax:
                e = np.exp(z - z.max(axis=1, keepdims=True))
                z = e / e.sum(axis=1, keepdims=True)
            else:
                z = 1 / (1 + np.exp(-z))
            activations.append(z)
        return activations

    def step(self):
        np = self.np
        activations = self.forward(self.x)
        p = activations[-1]
        delta = (p - self.y) / np.float32(len(self.x))
        for i in reversed(range(len(self.weights))):
            a = activations[i]
            dw, db = a.T @ delta, delta.sum(axis=0, keepdims=True)
            if i > 0:
                slope = (a > 0).astype(np.float32) if self.is_relu else a * (1 - a)
                delta = (delta @ self.weights[i].T) * slope
            self.weights[i] -= self.rate * dw
            self.biases[i] -= self.rate * db
        self.forward(self.test)
        return p

    def train(self, epochs):
        for _ in range(epochs):
            self.step()

    def losses(self, epochs):
        np = self.np
        losses = []
        for _ in range(epochs):
            p = np.clip(self.step().astype(np.float64), 1e-7, 1 - 1e-7)
            terms = self.y * np.log(p) + (0 if self.is_softmax else (1 - self.y) * np.log(1 - p))
            losses.append(float(-terms.sum() / len(self.x)))
        return losses


# Steps of the longer CUDA graph: one replay costs the CPU about as much as a small step costs the card.
STEPS_AT_ONCE = 20


class TorchTraining:
    """Eager PyTorch, or steps captured as CUDA graphs, of one step and of many, and replayed."""

    def __init__(self, question, form):
        import numpy as np
        import torch

        self.torch = torch
        is_cuda = form.startswith("torch-cuda")
        if is_cuda and not torch.cuda.is_available():
            raise RuntimeError("there is no CUDA device")
        if form == "torch-1-thread":
            torch.set_num_threads(1)
        torch.backends.cuda.matmul.allow_tf32 = False
        torch.backends.cudnn.allow_tf32 = False
        self.device = torch.device("cuda" if is_cuda else "cpu")
        where = torch.cuda.get_device_name() if is_cuda else f"{torch.get_num_threads()} threads"
        self.note = f"PyTorch {torch.__version__}, {where}"
        widths = question["widths"]
        activation = torch.nn.ReLU if question["activation"] == "relu" else torch.nn.Sigmoid
        layers = []
        for w, b, i, o in zip(question["weights"], question["biases"], widths, widths[1:]):
            layer = torch.nn.Linear(i, o)
            with torch.no_grad():
                layer.weight.copy_(torch.from_numpy(array(np, w, o).T.copy()))
                layer.bias.copy_(torch.from_numpy(array(np, b, o)[0]))
            layers += [layer, activation()]
        self.net = torch.nn.Sequential(*layers[:-1]).to(self.device)
        tensor = lambda text, columns: torch.from_numpy(array(np, text, columns)).to(self.device)
        self.x = tensor(question["features"], widths[0])
        self.y = tensor(question["targets"], question["outputs"])
        self.test = tensor(question["test_features"], widths[0])
        if question["outputs"] > 1:
            self.criterion = torch.nn.CrossEntropyLoss()
            self.y = self.y.argmax(dim=1)
        else:
            self.criterion = torch.nn.BCEWithLogitsLoss()
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=question["learning_rate"])
        self.graphs = self.captured() if form == "torch-cuda-graph" else None

    def eager(self):
        self.optimizer.zero_grad(set_to_none=False)
        loss = self.criterion(self.net(self.x), self.y)
        loss.backward()
        self.optimizer.step()
        with self.torch.no_grad():
            self.net(self.test)
        return loss.detach()

    def captured(self):
        torch = self.torch
        before = [p.detach().clone() for p in self.net.parameters()]
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                self.eager()
        torch.cuda.current_stream().wait_stream(stream)
        graphs = []
        for steps in (1, STEPS_AT_ONCE):
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                losses = [self.eager() for _ in range(steps)]
            graphs.append((graph, losses[-1]))
        with torch.no_grad():
            for p, start in zip(self.net.parameters(), before):
                p.copy_(start)
        return graphs

    def step(self):
        if self.graphs is None:
            return self.eager()
        graph, loss = self.graphs[0]
        graph.replay()
        return loss

    def train(self, epochs):
        if self.graphs is not None:
            for _ in range(epochs // STEPS_AT_ONCE):
                self.graphs[1][0].replay()
            epochs %= STEPS_AT_ONCE
        for _ in range(epochs):
            self.step()
        if self.device.type == "cuda":
            self.torch.cuda.synchronize()

    def losses(self, epochs):
        return [float(self.step()) for _ in range(epochs)]


def main(form):
    training = None
    for line in sys.stdin:
        question = json.loads(line)
        try:
            if "open" in question:
                given = question["open"]
                training = NumPyTraining(given) if form == "numpy" else TorchTraining(given, form)
                answer = {"note": training.note}
            elif "losses" in question:
                answer = {"losses": training.losses(question["losses"])}
            else:
                training.train(question["train"])
                answer = {}
        except Exception as error:
            answer = {"refused": str(error)}
        print(json.dumps(answer), flush=True)


main(sys.argv[1])
