"""NumPy and PyTorch as contenders: SGD and Adam in float32, asked line by line.

The first argument names the form: numpy, torch, torch-1-thread, torch-cuda or torch-cuda-graph. Each
line of standard input is a question in JSON; each gets one line of JSON on standard output. Arrays come
as base64 of little-endian float32. What cannot be done is answered by {"refused": why}.
"""
import base64
import json
import sys


def array(np, text, columns):
    return np.frombuffer(base64.b64decode(text), "<f4").reshape(-1, columns).copy()


# Adam's constants, PyTorch's defaults.
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


def orders(np, question):
    """Of each epoch the rows of each batch, drawn as all contenders draw them; None for the whole set."""
    count, size = question["samples"], question["batch_rows"]
    random = np.random.RandomState(question["seed"])
    while True:
        if size == count:
            yield [None]
            continue
        order = random.permutation(count)
        yield [order[first : first + size] for first in range(0, count, size)]


class NumPyTraining:
    """A step written out by hand, as the notebook has it."""

    def __init__(self, question):
        import numpy as np

        self.np = np
        self.note = f"NumPy {np.__version__}"
        layers = question["layers"]
        self.is_relu = question["activation"] == "relu"
        self.is_softmax = question["outputs"] > 1
        self.is_adam = question["optimizer"] == "adam"
        self.rate = np.float32(question["learning_rate"])
        arrays = lambda name: [array(np, layer[name], layer["shape"][1]) for layer in layers]
        self.weights, self.biases = arrays("weights"), arrays("biases")
        self.parameters = self.weights + self.biases
        self.first = [np.zeros_like(p) for p in self.parameters]
        self.second = [np.zeros_like(p) for p in self.parameters]
        self.steps = 0
        self.orders = orders(np, question)
        self.x = array(np, question["features"], question["inputs"])
        self.y = array(np, question["targets"], question["outputs"])
        self.test = array(np, question["test_features"], question["inputs"])

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

    def step(self, rows):
        """Probabilities and targets of the batch, before the update."""
        np = self.np
        x, y = (self.x, self.y) if rows is None else (self.x[rows], self.y[rows])
        activations = self.forward(x)
        p = activations[-1]
        delta = (p - y) / np.float32(len(x))
        gradients = [None] * len(self.parameters)
        for i in reversed(range(len(self.weights))):
            a = activations[i]
            gradients[i] = a.T @ delta
            gradients[len(self.weights) + i] = delta.sum(axis=0, keepdims=True)
            if i > 0:
                slope = (a > 0).astype(np.float32) if self.is_relu else a * (1 - a)
                delta = (delta @ self.weights[i].T) * slope
        self.update(gradients)
        return p, y

    def update(self, gradients):
        np = self.np
        if not self.is_adam:
            for parameter, gradient in zip(self.parameters, gradients):
                parameter -= self.rate * gradient
            return
        self.steps += 1
        size = np.float32(self.rate / (1 - BETA1**self.steps))
        root = np.float32(1 / (1 - BETA2**self.steps) ** 0.5)
        for parameter, m, v, gradient in zip(self.parameters, self.first, self.second, gradients):
            m += np.float32(1 - BETA1) * (gradient - m)
            v += np.float32(1 - BETA2) * (gradient * gradient - v)
            parameter -= size * m / (np.sqrt(v) * root + np.float32(EPSILON))

    def epoch(self):
        for rows in next(self.orders):
            yield self.step(rows)
        self.forward(self.test)

    def train(self, epochs):
        for _ in range(epochs):
            for _ in self.epoch():
                pass

    def losses(self, epochs):
        np = self.np
        losses = []
        for _ in range(epochs):
            total = 0.0
            for p, y in self.epoch():
                p = np.clip(p.astype(np.float64), 1e-7, 1 - 1e-7)
                total -= (y * np.log(p) + (0 if self.is_softmax else (1 - y) * np.log(1 - p))).sum()
            losses.append(float(total / len(self.x)))
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
        self.net = self.network(np, question).to(self.device)
        tensor = lambda values: torch.from_numpy(values).to(self.device)
        samples = lambda name: tensor(array(np, question[name], question["inputs"]))
        self.x, self.test = samples("features"), samples("test_features")
        self.y = tensor(array(np, question["targets"], question["outputs"]))
        if question["layers"][0]["kind"] != "dense":
            self.x, self.test = (x.reshape(-1, *question["input"]) for x in (self.x, self.test))
        if question["outputs"] > 1:
            self.criterion = torch.nn.CrossEntropyLoss()
            self.y = self.y.argmax(dim=1)
        else:
            self.criterion = torch.nn.BCEWithLogitsLoss()
        is_adam = question["optimizer"] == "adam"
        optimizer = torch.optim.Adam if is_adam else torch.optim.SGD
        self.optimizer = optimizer(self.net.parameters(), lr=question["learning_rate"])
        self.orders = orders(np, question)
        self.graphs = None
        if form == "torch-cuda-graph":
            if is_adam or question["batch_rows"] != question["samples"]:
                raise RuntimeError("the graph is captured for full batches and SGD")
            self.graphs = self.captured()

    def network(self, np, question):
        torch = self.torch
        activation = torch.nn.ReLU if question["activation"] == "relu" else torch.nn.Sigmoid
        modules = []
        for position, layer in enumerate(question["layers"]):
            kind = layer["kind"]
            if kind == "max_pool":
                modules.append(torch.nn.MaxPool2d(layer["size"]))
                continue
            if kind == "conv":
                filters, channels, *kernel = layer["shape"]
                module = torch.nn.Conv2d(channels, filters, kernel, padding=layer["padding"])
                weights = array(np, layer["weights"], 1).reshape(layer["shape"])
            else:
                if position > 0 and question["layers"][position - 1]["kind"] != "dense":
                    modules.append(torch.nn.Flatten())
                inputs, outputs = layer["shape"]
                module = torch.nn.Linear(inputs, outputs)
                weights = array(np, layer["weights"], outputs).T.copy()
            with torch.no_grad():
                module.weight.copy_(torch.from_numpy(weights))
                module.bias.copy_(torch.from_numpy(array(np, layer["biases"], 1)[:, 0]))
            modules += [module, activation()]
        return torch.nn.Sequential(*modules[:-1])

    def eager(self, rows=None):
        if rows is None:
            x, y = self.x, self.y
        else:
            index = self.torch.from_numpy(rows).to(self.device)
            x, y = self.x[index], self.y[index]
        self.optimizer.zero_grad(set_to_none=False)
        loss = self.criterion(self.net(x), y)
        loss.backward()
        self.optimizer.step()
        return loss.detach()

    def evaluate(self):
        with self.torch.no_grad():
            self.net(self.test)

    def whole(self):
        """An epoch whose one batch is all samples."""
        loss = self.eager()
        self.evaluate()
        return loss

    def captured(self):
        torch = self.torch
        before = [p.detach().clone() for p in self.net.parameters()]
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                self.whole()
        torch.cuda.current_stream().wait_stream(stream)
        graphs = []
        for steps in (1, STEPS_AT_ONCE):
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                losses = [self.whole() for _ in range(steps)]
            graphs.append((graph, losses[-1]))
        with torch.no_grad():
            for p, start in zip(self.net.parameters(), before):
                p.copy_(start)
        return graphs

    def epoch(self):
        """The loss of each batch, on the device, with the number of its samples."""
        if self.graphs is not None:
            graph, loss = self.graphs[0]
            graph.replay()
            yield loss, len(self.x)
            return
        for rows in next(self.orders):
            yield self.eager(rows), len(self.x) if rows is None else len(rows)
        self.evaluate()

    def train(self, epochs):
        if self.graphs is not None:
            for _ in range(epochs // STEPS_AT_ONCE):
                self.graphs[1][0].replay()
            epochs %= STEPS_AT_ONCE
        for _ in range(epochs):
            for _ in self.epoch():
                pass
        if self.device.type == "cuda":
            self.torch.cuda.synchronize()

    def losses(self, epochs):
        count = len(self.x)
        return [sum(float(loss) * rows for loss, rows in self.epoch()) / count for _ in range(epochs)]


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
