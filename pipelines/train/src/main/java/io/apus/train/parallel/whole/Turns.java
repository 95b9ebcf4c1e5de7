package io.apus.train.parallel.whole;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Parameter;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import io.apus.train.optimize.Optimiser;
import io.apus.train.parallel.part.HeldParameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The parameters that the ranks of one group have parts of and that have to be moved as a whole, dealt out among these ranks. They are moved in turns, one
 * for each rank at a time: it is given the others' parts of its own and gives the moved ones back.
 */
final class Turns {
    private final Collectives ranks;
    private final List<List<Divided>> dealt = new ArrayList<>();
    private final Map<Parameter, Mover> movers = new HashMap<>();

    /** What moves one whole. */
    private record Mover(WholeMatrix whole, Optimiser optimiser) {}

    /**
     * All of {@code ranks} call this with their parts of the same parameters.
     *
     * @param optimiser makes what moves one whole
     */
    Turns(Collectives ranks, List<HeldParameter> parts, Function<WholeMatrix, Optimiser> optimiser) {
        this.ranks = ranks;
        IntStream.range(0, ranks.size()).forEach(rank -> dealt.add(new ArrayList<>()));
        List<HeldParameter> ordered = parts.stream()
                .sorted(Comparator.comparing(part -> part.parameter().name()))
                .toList();
        List<List<Cut>> cuts = cuts(ordered);
        long[] load = new long[ranks.size()];
        for (int i = 0; i < ordered.size(); i++) {
            HeldParameter part = ordered.get(i);
            // Stages of a pipeline may have the same one besides others, and have to agree.
            int mover = part.partial().isPresent() ? 0 : lightest(load);
            load[mover] += LongStream.of(part.shape()).reduce(1, (a, b) -> a * b);
            dealt.get(mover).add(new Divided(part, cuts.get(i), mover));
        }
        for (Divided own : dealt.get(ranks.rank())) {
            WholeMatrix whole = new WholeMatrix(own.part(), own.own().shape());
            movers.put(own.part(), new Mover(whole, optimiser.apply(whole)));
        }
    }

    private static int lightest(long[] load) {
        return IntStream.range(0, load.length)
                .boxed()
                .min(Comparator.comparingLong(rank -> load[rank]))
                .orElseThrow();
    }

    /** By parameter and by rank. */
    private List<List<Cut>> cuts(List<HeldParameter> parts) {
        LongStream.Builder own = LongStream.builder();
        for (HeldParameter part : parts) {
            List<Cut.Span> spans = part.cut().orElseThrow().spans();
            own.add(spans.size());
            spans.forEach(span -> own.add(span.from()).add(span.to()));
        }
        List<long[]> all = ranks.allGather(own.build().toArray());
        int[] at = new int[all.size()];
        List<List<Cut>> cuts = new ArrayList<>();
        for (HeldParameter part : parts) {
            List<Cut> byRank = new ArrayList<>();
            for (int rank = 0; rank < all.size(); rank++) {
                byRank.add(
                        read(all.get(rank), at[rank], part.cut().orElseThrow().whole()));
                at[rank] += 1 + 2 * byRank.get(rank).spans().size();
            }
            cuts.add(byRank);
        }
        return cuts;
    }

    private static Cut read(long[] numbers, int at, long whole) {
        List<Cut.Span> spans = new ArrayList<>();
        for (int i = 0; i < numbers[at]; i++) {
            spans.add(new Cut.Span(numbers[at + 1 + 2 * i], numbers[at + 2 + 2 * i]));
        }
        return new Cut(whole, spans);
    }

    /** One step of those that are trainable now. */
    void step(double learningRate) {
        List<List<Divided>> due = dealt.stream()
                .map(of -> of.stream().filter(one -> one.part().trainable()).toList())
                .toList();
        int turns = due.stream().mapToInt(List::size).max().orElse(0);
        for (int turn = 0; turn < turns; turn++) {
            int now = turn;
            take(due.stream().flatMap(of -> of.stream().skip(now).limit(1)).toList(), learningRate);
        }
    }

    /** One turn: at most one whole for each rank. */
    private void take(List<Divided> wholes, double learningRate) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            Optional<Divided> own =
                    wholes.stream().filter(one -> one.mover() == ranks.rank()).findFirst();
            long[] sent = new long[ranks.size()];
            wholes.forEach(one -> sent[one.mover()] = 2 * one.numbers(ranks.rank()));
            long[] received = new long[ranks.size()];
            own.ifPresent(one -> Arrays.setAll(received, rank -> 2 * one.numbers(rank)));
            Device device = wholes.get(0).device();
            List<Tensor> parts = new ArrayList<>();
            for (Divided one : wholes) {
                parts.add(flat(one.part().gradientBuffer()));
                parts.add(flat(one.part().tensor()));
            }
            Tensor arrived = exchange(device, parts, sent, received);
            own.ifPresent(one -> move(one, arrived, learningRate));
            Tensor back = exchange(device, own.map(this::moved).orElse(List.of()), halves(received), halves(sent));
            long at = 0;
            for (Divided one : wholes) {
                Tensor part = one.part().tensor();
                part.copy_(back.narrow(0, at, part.numel()).view_as(part));
                at += part.numel();
            }
        }
    }

    /** In float32, which holds what narrower types do, whatever types the parameters of a turn have. */
    private static Tensor flat(Tensor part) {
        return part.detach().reshape(-1).to(torch.ScalarType.Float);
    }

    private static long[] halves(long[] counts) {
        return LongStream.of(counts).map(count -> count / 2).toArray();
    }

    private Tensor exchange(Device device, List<Tensor> parts, long[] sent, long[] received) {
        Tensor going = parts.isEmpty()
                ? device.zeros(DType.F32, 0)
                : torch.cat(new TensorVector(parts.toArray(Tensor[]::new)), 0);
        Tensor coming = device.zeros(DType.F32, LongStream.of(received).sum());
        ranks.allToAll(going, sent, coming, received).await();
        return coming;
    }

    private void move(Divided one, Tensor arrived, double learningRate) {
        Mover mover = movers.get(one.part());
        mover.whole().hold();
        long at = 0;
        for (int rank = 0; rank < ranks.size(); rank++) {
            long numbers = one.numbers(rank);
            one.put(arrived.narrow(0, at, numbers), rank, mover.whole().gradient());
            one.put(
                    arrived.narrow(0, at + numbers, numbers),
                    rank,
                    mover.whole().weight());
            at += 2 * numbers;
        }
        mover.optimiser().step(learningRate);
    }

    private List<Tensor> moved(Divided one) {
        Tensor whole = movers.get(one.part()).whole().weight();
        return IntStream.range(0, ranks.size())
                .mapToObj(rank -> flat(one.of(whole, rank)))
                .toList();
    }

    /** What moves the wholes that are this rank's. */
    List<Optimiser> optimisers() {
        return movers.values().stream().map(Mover::optimiser).toList();
    }
}
