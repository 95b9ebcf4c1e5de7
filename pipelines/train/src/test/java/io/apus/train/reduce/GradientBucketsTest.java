package io.apus.train.reduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.apus.model.layer.Parameter;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import io.apus.tensor.collective.Pending;
import io.apus.tensor.collective.Traffic;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GradientBucketsTest {
    private final List<Parameter> parameters = List.of(
            parameter("lm_head.weight", 30),
            parameter("model.embed_tokens.weight", 30),
            parameter("model.layers.0.mlp.weight", 20),
            parameter("model.layers.10.mlp.weight", 20),
            parameter("model.layers.2.mlp.weight", 20),
            parameter("model.norm.weight", 5));
    private final CountingCollectives collectives = new CountingCollectives();

    @AfterEach
    void free() {
        parameters.forEach(Parameter::close);
    }

    @Test
    void parametersAreOrderedAsABackwardPassCompletesThem() {
        assertThat(BackwardOrder.of(parameters))
                .extracting(Parameter::name)
                .containsExactly(
                        "lm_head.weight",
                        "model.norm.weight",
                        "model.layers.10.mlp.weight",
                        "model.layers.2.mlp.weight",
                        "model.layers.0.mlp.weight",
                        "model.embed_tokens.weight");
    }

    @Test
    void aBucketStartsWhenItAndAllBeforeItAreComplete() {
        try (Scope scope = Scope.open();
                GradientBuckets buckets = new GradientBuckets(parameters, collectives, 4 * 35, WireType.FLOAT32)) {
            assertThat(buckets.count()).isEqualTo(3);
            buckets.clear();
            var sink = buckets.pass(true);

            sink.ready(named("model.layers.10.mlp.weight", "model.layers.2.mlp.weight"));
            assertThat(collectives.sizes).isEmpty();
            sink.ready(named("lm_head.weight", "model.norm.weight"));
            assertThat(collectives.sizes).containsExactly(35L, 40L);
            sink.ready(named("model.layers.0.mlp.weight"));
            assertThat(collectives.sizes).hasSize(2);

            assertThat(buckets.finish()).isEqualTo(2);
            assertThat(collectives.sizes).containsExactly(35L, 40L, 50L);
        }
    }

    @Test
    void everyStepStartsAfresh() {
        try (Scope scope = Scope.open();
                GradientBuckets buckets = new GradientBuckets(parameters, collectives, 4 * 35, WireType.FLOAT32)) {
            for (int step = 0; step < 2; step++) {
                buckets.clear();
                assertThat(buckets.norm()).isZero();
                parameters.forEach(parameter -> parameter.gradientBuffer().add_(Torch.scalar(2)));
                assertThat(buckets.norm()).isCloseTo(2 * Math.sqrt(125), within(1e-5));
                buckets.multiply(0.5);
                assertThat(Torch.toFloats(parameters.get(5).gradientBuffer())).containsOnly(1);
                assertThat(buckets.finish()).isZero();
            }
            assertThat(collectives.sizes).hasSize(6);
        }
    }

    @Test
    void smallModelsHaveSmallBuckets() {
        assertThat(GradientBuckets.bucketBytes(parameters)).isEqualTo(256 << 10);
    }

    private List<Parameter> named(String... names) {
        return parameters.stream()
                .filter(p -> List.of(names).contains(p.name()))
                .toList();
    }

    private static Parameter parameter(String name, long count) {
        try (Scope scope = Scope.open()) {
            Parameter parameter = new Parameter(name, Torch.zeros(count));
            parameter.trainable(true);
            return parameter;
        }
    }

    /** A rank alone that notes what it is asked to reduce. */
    private static final class CountingCollectives implements Collectives {
        private final Collectives alone = Collectives.alone();
        private final List<Long> sizes = new ArrayList<>();

        @Override
        public int rank() {
            return alone.rank();
        }

        @Override
        public int size() {
            return alone.size();
        }

        @Override
        public Pending allReduceSum(Tensor tensor) {
            sizes.add(tensor.numel());
            return alone.allReduceSum(tensor);
        }

        @Override
        public Pending allReduceMax(Tensor tensor) {
            return alone.allReduceMax(tensor);
        }

        @Override
        public Pending reduceScatterSum(Tensor whole, Tensor part) {
            return alone.reduceScatterSum(whole, part);
        }

        @Override
        public Pending allGather(Tensor part, Tensor whole) {
            return alone.allGather(part, whole);
        }

        @Override
        public Pending allToAll(Tensor sent, long[] sentRows, Tensor received, long[] receivedRows) {
            return alone.allToAll(sent, sentRows, received, receivedRows);
        }

        @Override
        public Pending send(Tensor tensor, int to) {
            return alone.send(tensor, to);
        }

        @Override
        public Pending receive(Tensor tensor, int from) {
            return alone.receive(tensor, from);
        }

        @Override
        public Collectives group(String name, List<Integer> ranks) {
            return alone.group(name, ranks);
        }

        @Override
        public Traffic traffic() {
            return alone.traffic();
        }

        @Override
        public void broadcast(Tensor tensor, int root) {
            alone.broadcast(tensor, root);
        }

        @Override
        public void barrier() {
            alone.barrier();
        }

        @Override
        public List<long[]> allGather(long[] values) {
            return alone.allGather(values);
        }

        @Override
        public List<byte[]> allGather(byte[] values) {
            return alone.allGather(values);
        }

        @Override
        public void close() {
            alone.close();
        }
    }
}
