"""Pictures of activations and of the chain rule: curves, tables, the network as boxes."""

import numpy as np

from demos.losses.activations import Derivative, Function
from demos.losses.chain_rule import Chain, Node
from demos.losses.figures import apart
from demos.shared.charts import Figure, figure
from demos.shared.markup import NARROW, table
from demos.shared.style import ACCENT, BLUE, BOX, GRAY

TEN = ("ReLU", "sigmoid")
NODE = f"{BOX};padding:0.3rem 0.5rem;font-size:0.8rem;color:var(--body-text-color);flex:1 1 5.5rem"
INPUT = "opacity:0.8;border-top:1px dashed var(--border-color-primary);margin-top:0.2rem"


def derivative_table(found: tuple[Derivative, ...]) -> str:
    """All activations at x: value, derivative three ways."""
    x = found[0].x
    rows = [
        (
            one.name,
            f"{one.value:.4f}",
            f"{one.by_hand:.4f}",
            f"{one.auto:.4f}",
            f"{one.difference:.4f}",
        )
        for one in found
    ]
    head = ("f", "f(x)", "f′(x) by hand", "autograd", "(f(x+h) − f(x−h)) / 2h")
    slope = found[0].by_hand
    text = f"At x = {x:g} ReLU's derivative is <b>{slope:g}</b>: "
    text += "the gradient passes unchanged." if slope else "no gradient passes."
    if x == 0:
        text = (
            "At x = 0 ReLU has a kink and no derivative: from the left the slope is 0, from the "
            "right 1, and the difference quotient gives their mean. Autograd takes <b>0</b>."
        )
    ten = "Through ten such units a gradient is multiplied by "
    ten += ", ".join(f"{one.by_hand**10:.2g} ({one.name})" for one in found if one.name in TEN)
    return f"<p>{text} {ten}.</p>{table(head, rows, NARROW)}"


def activation_plot(function: Function, x: float) -> Figure:
    """One activation and its derivative from -4 to 4, and further if x lies outside."""
    reach = max(4.0, abs(x) * 1.1)
    grid = np.linspace(-reach, reach, 321)
    drawn = figure(legend=True)
    left, right = grid[grid < 0], grid[grid > 0]
    # The derivative of ReLU jumps at 0: a gap there instead of a slanted line.
    across = [*left, None, *right]
    slopes = [*(function.derivative(v) for v in left), None, *map(function.derivative, right)]
    drawn.add_scatter(
        x=grid,
        y=[function.value(v) for v in grid],
        name=f"{function.name}(x)",
        line={"color": BLUE},
    )
    drawn.add_scatter(x=across, y=slopes, name="derivative", line={"color": ACCENT, "dash": "dash"})
    drawn.add_scatter(
        x=[x, x],
        y=[function.value(x), function.derivative(x)],
        mode="markers",
        marker={"size": 10, "color": [BLUE, ACCENT]},
        showlegend=False,
    )
    drawn.update_xaxes(title="x")
    return drawn


def chain_graph(found: Chain) -> str:
    """The network as boxes in the order of the forward pass, gradients under the values."""
    by_name = {node.name: node for node in found.nodes}
    boxes = []
    for name, inputs in (("z", ("w1", "b1")), ("a", ()), ("y", ("w2", "b2")), ("L", ())):
        small = "".join(f'<div style="{INPUT}">{cell(by_name[one])}</div>' for one in inputs)
        boxes.append(f'<div style="{NODE}">{cell(by_name[name])}{small}</div>')
    arrows = f'<span aria-hidden="true" style="align-self:center;color:{GRAY}">→</span>'.join(boxes)
    return f'<div style="display:flex;gap:0.4rem;flex-wrap:wrap">{arrows}</div>'


def cell(node: Node) -> str:
    """A node's value and gradient."""
    return (
        f"<b>{node.name}</b> = {node.value:.4g}<br>"
        f'<span style="color:{ACCENT}">∂L/∂{node.name} = {node.by_hand:.4g}</span>'
    )


def chain_table(found: Chain) -> str:
    """Backward through the graph, product by product, and the step downhill."""
    rows = [
        (f"∂L/∂{node.name}", node.factor, f"{node.by_hand:.4f}", f"{node.auto:.4f}")
        for node in reversed(found.nodes)
    ]
    head = ("gradient", "chain rule", "by hand", "autograd")
    auto = np.array([node.auto for node in found.nodes])
    by_hand = np.array([node.by_hand for node in found.nodes])
    verdict = "falls" if found.new_loss < found.loss else "does not fall: too large a step"
    if found.new_w1 == found.nodes[0].value and found.loss == found.new_loss:
        verdict = "stays: no gradient reaches the weights"
    text = (
        f"Loss {found.loss:.4f}. After one step with learning rate {found.learning_rate:g}, w1 = "
        f"{found.new_w1:.4f} and w2 = {found.new_w2:.4f}, it is <b>{found.new_loss:.4f}</b>; it "
        f"{verdict}. Largest difference from autograd: {apart(by_hand, auto)}."
    )
    return f"<p>{text}</p>{table(head, rows, 1)}"
