package io.apus.train.parallel.pipeline;

import io.apus.model.DecoderModel;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import io.apus.tensor.collective.Pending;
import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.pytorch.Tensor;

/** States and gradients between neighbouring stages. What is sent goes out while the sender computes on. */
final class Border {
    private final Collectives stages;
    private final DecoderModel model;
    private final Deque<Sending> underWay = new ArrayDeque<>();

    Border(Collectives stages, DecoderModel model) {
        this.stages = stages;
        this.model = model;
    }

    private record Sending(Tensor tensor, Pending pending) {
        void settle() {
            pending.await();
            Scope.release(tensor);
        }
    }

    /** Begins to send {@code tensor}, [rows, hiddenSize]. */
    void send(Tensor tensor, int stage) {
        while (!underWay.isEmpty() && underWay.peek().pending().done()) {
            underWay.remove().settle();
        }
        try (Scope scope = Scope.open()) {
            Tensor whole = Scope.own(tensor.detach().contiguous());
            underWay.add(new Sending(whole, stages.send(whole, stage)));
        }
    }

    /** Waits for {@code rows} rows from {@code stage}, as states go from layer to layer; in the caller's scope. */
    Tensor receive(int rows, int stage) {
        Tensor arrived = model.device()
                .empty(model.precision().products(), rows, model.config().hiddenSize());
        stages.receive(arrived, stage).await();
        return arrived;
    }

    /** Begins to send some numbers. */
    void sendNumbers(double[] numbers, int stage) {
        try (Scope scope = Scope.open()) {
            Tensor tensor = Scope.own(model.device().doubles(numbers));
            underWay.add(new Sending(tensor, stages.send(tensor, stage)));
        }
    }

    /** Waits for {@code count} of them. */
    double[] receiveNumbers(int count, int stage) {
        try (Scope scope = Scope.open()) {
            Tensor arrived = model.device().doubles(new double[count]);
            stages.receive(arrived, stage).await();
            return Torch.toDoubles(arrived);
        }
    }

    /** Waits until all that was sent has left. */
    void settle() {
        while (!underWay.isEmpty()) {
            underWay.remove().settle();
        }
    }
}
