package io.apus.tensor.autograd;

import io.apus.tensor.Torch;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Edge;
import org.bytedeco.pytorch.EdgeVector;
import org.bytedeco.pytorch.Node;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Makes a tensor that was computed without a graph depend on others. The nodes for that come from operations on next to nothing whose
 * backward pass only hands its gradient on; they are then told that they made the tensor, and out of what.
 */
final class GraphEdges {
    private GraphEdges() {}

    /** Every one of {@code inputs}, which are results of operations, gets a gradient of its own shape whose values mean nothing. */
    static void tie(Tensor result, List<Tensor> inputs) {
        Node node = null;
        for (Tensor input : inputs) {
            Node one = Arrays.equals(Torch.shape(input), Torch.shape(result))
                    ? leading(passing(), input.grad_fn())
                    : reshaping(result, input);
            node = node == null ? one : joining(result, one, node);
        }
        node.clear_input_metadata();
        torch.create_gradient_edge(result, node);
    }

    /** Hands its gradient on as it is. */
    private static Node passing() {
        return seed(1).clone().grad_fn();
    }

    /** Hands its gradient on to both. */
    private static Node joining(Tensor like, Node first, Node second) {
        for (Node node : List.of(first, second)) {
            node.clear_input_metadata();
            node.add_input_metadata(like);
        }
        Tensor seed = seed(1);
        return leading(seed.add(seed).grad_fn(), first, second);
    }

    /**
     * Hands on the sum of none of its gradient's elements, from where a sum of none of the input's elements makes zeros of the input's shape.
     */
    private static Node reshaping(Tensor result, Tensor input) {
        Node none = input.narrow(0, 0, 0).sum().grad_fn();
        return result.dim() == 0
                ? leading(passing(), none)
                : leading(torch.cat(new TensorVector(seed(0, 1)), 0).grad_fn(), none);
    }

    private static Node leading(Node node, Node... next) {
        EdgeVector edges = new EdgeVector();
        for (Node one : next) {
            edges.push_back(new Edge(one, 0));
        }
        node.set_next_edges(edges);
        return node;
    }

    private static Tensor seed(long... shape) {
        return Torch.zeros(shape).requires_grad_(true);
    }
}
