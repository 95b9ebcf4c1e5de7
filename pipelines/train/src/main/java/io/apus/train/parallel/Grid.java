package io.apus.train.parallel;

import io.apus.schemas.UserError;
import io.apus.schemas.World;
import io.apus.schemas.spec.ParallelPlan;
import io.apus.tensor.collective.Collectives;
import io.apus.train.parallel.part.ShardGroup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The ranks of a run by what they share, as one of them sees it. Of rank r, tp changes fastest: {@code r = ((p * dp + d) * cp + c) * tp + t}, so
 * that the ranks that talk most are neighbours.
 *
 * @param world all ranks
 * @param sums the dp * cp ranks that hold the same weights: gradients are summed over them
 * @param tensor the tp ranks that share each matrix of a replica
 * @param pipeline the pp ranks that share the layers of a replica, in the layers' order
 * @param context the cp ranks that share the tokens of a row
 * @param experts the ep ranks of {@code sums} that share the experts
 * @param hosts of all ranks, by rank
 */
public record Grid(
        ParallelPlan plan,
        Collectives world,
        Collectives sums,
        Collectives tensor,
        Collectives pipeline,
        Collectives context,
        Collectives experts,
        List<String> hosts) {
    /** Of ranks on one host. */
    public static Grid of(ParallelPlan plan, Collectives world) {
        return of(plan, world, Collections.nCopies(world.size(), ""));
    }

    /**
     * Every rank of {@code world} calls this once; {@code hosts} are those of the ranks.
     *
     * @throws UserError on every rank, where each host shall keep a copy and hosts have not as many ranks with the same part of it
     */
    public static Grid of(ParallelPlan plan, Collectives world, List<String> hosts) {
        require(plan, world.size());
        requireEven(plan, hosts);
        Place own = Place.of(plan, world.rank());
        IntUnaryOperator sum = i -> new Place(plan, own.stage, i / plan.cp(), i % plan.cp(), own.slice).rank();
        int firstExpert = own.inSums() / plan.ep() * plan.ep();
        return new Grid(
                plan,
                world,
                group(world, "sums-" + own.stage + "-" + own.slice, plan.dp() * plan.cp(), sum),
                group(world, "tensor-" + world.rank() / plan.tp(), plan.tp(), t -> own.atSlice(t)
                        .rank()),
                group(world, "pipeline-" + own.atStage(0).rank(), plan.pp(), p -> own.atStage(p)
                        .rank()),
                group(world, "context-" + own.atPart(0).rank(), plan.cp(), c -> own.atPart(c)
                        .rank()),
                group(world, "experts-" + sum.applyAsInt(firstExpert), plan.ep(), e -> sum.applyAsInt(firstExpert + e)),
                hosts);
    }

    /** All ranks as replicas. */
    public static Grid replicas(Collectives world) {
        return of(ParallelPlan.replicas(world.size()), world);
    }

    /** The ranks of {@link #sums} that have the same experts as this one. */
    public Collectives sameExperts() {
        return plan.ep() == 1 ? sums : group("same-experts", sameAsHere(true));
    }

    private List<Integer> sameAsHere(boolean ofExperts) {
        return Place.of(plan, world.rank()).alike(ofExperts ? plan.ep() : 1);
    }

    /** How those of {@link #sums}, or of {@link #sameExperts}, keep what the plan spreads; every rank calls this once for each. */
    ShardGroup sharers(boolean ofExperts) {
        if (plan.dpShard() == plan.dp() * plan.cp()) {
            return new ShardGroup(ofExperts ? sameExperts() : sums, Collectives.alone());
        }
        ShardCopies copies =
                ShardCopies.of(sameAsHere(false), plan.dpShard(), hosts).among(sameAsHere(ofExperts));
        String kind = ofExperts ? "experts" : "all";
        return new ShardGroup(
                group("shards-" + kind, copies.shards(world.rank())),
                group("copies-" + kind, copies.replicas(world.rank())));
    }

    private Collectives group(String name, List<Integer> ranks) {
        return group(world, name + "-" + ranks.get(0), ranks.size(), ranks::get);
    }

    /**
     * The ranks of the world that hold the same as this one of a parameter.
     *
     * @param slices ranks of the tensor group that do
     * @param ofExpert whether only ranks with the same experts do
     * @param stages of the pipeline that do
     */
    public List<Integer> holders(List<Integer> slices, boolean ofExpert, List<Integer> stages) {
        Place own = Place.of(plan, world.rank());
        List<Integer> ranks = new ArrayList<>();
        for (int stage : stages) {
            for (int rank : own.atStage(stage).alike(ofExpert ? plan.ep() : 1)) {
                for (int slice : slices) {
                    ranks.add(Place.of(plan, rank).atSlice(slice).rank());
                }
            }
        }
        return ranks;
    }

    /** The ranks of {@link #pipeline} at {@code stages}; all of them call this, and the others do not. */
    public Collectives pipeline(List<Integer> stages) {
        Place own = Place.of(plan, world.rank());
        String name = "stages-" + stages.stream().map(String::valueOf).collect(Collectors.joining("-")) + "-of-"
                + own.atStage(0).rank();
        return group(world, name, stages.size(), i -> own.atStage(stages.get(i)).rank());
    }

    /**
     * Whether replicas meet within a pass in a way that each has to make as many as the others: tokens travel between them, or the stages of a
     * pipeline turn from one micro-batch to another where parts of weights or gradients are put together.
     */
    public boolean inStep() {
        return plan.ep() > 1 || (plan.pp() > 1 && plan.zero() > 1);
    }

    private static Collectives group(Collectives world, String name, int size, IntUnaryOperator member) {
        if (size == 1) {
            return Collectives.alone();
        }
        if (size == world.size()) {
            return world;
        }
        List<Integer> ranks = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            ranks.add(member.applyAsInt(i));
        }
        return world.group(name, ranks);
    }

    /** The ranks of {@link #context} at {@code parts}; all of them call this, and the others do not. */
    public Collectives context(List<Integer> parts) {
        Place own = Place.of(plan, world.rank());
        String name = "parts-" + parts.stream().map(String::valueOf).collect(Collectors.joining("-")) + "-of-"
                + own.atPart(0).rank();
        return group(world, name, parts.size(), i -> own.atPart(parts.get(i)).rank());
    }

    /** Which of the {@code plan().dp()} replicas this rank belongs to. */
    public int replica() {
        return Place.of(plan, world.rank()).replica;
    }

    private static void require(ParallelPlan plan, int ranks) {
        if (plan.ranks() != ranks) {
            throw new UserError(
                    "Cannot train",
                    "the plan is for " + plan.ranks() + " ranks, there are " + ranks,
                    "Change parallel or world_size.");
        }
    }

    /** Stages and slices that keep the same parameter cut it alike only where all have as many ranks on a host. */
    private static void requireEven(ParallelPlan plan, List<String> hosts) {
        if (plan.dpShard() == plan.dp() * plan.cp()) {
            return;
        }
        List<ShardCopies> all = new ArrayList<>();
        List<ShardCopies> sameExperts = new ArrayList<>();
        for (int rank = 0; rank < plan.ranks(); rank++) {
            Place place = Place.of(plan, rank);
            if (place.inSums() < plan.ep()) {
                ShardCopies copies = ShardCopies.of(place.alike(1), plan.dpShard(), hosts);
                all.add(copies);
                sameExperts.add(copies.among(place.alike(plan.ep())));
            }
        }
        ShardCopies.requireEven(all);
        ShardCopies.requireEven(sameExperts);
    }

    /** The stage of its replica's pipeline that a rank will be, known before the ranks have met. */
    public static int stage(ParallelPlan plan, World world) {
        require(plan, world.size());
        return Place.of(plan, world.rank()).stage;
    }

    /** Which run of every layer's experts a rank will have, known before the ranks have met. */
    public static int expertRank(ParallelPlan plan, World world) {
        require(plan, world.size());
        return Place.of(plan, world.rank()).inSums() % plan.ep();
    }

    /** Where a rank stands along every axis. */
    private record Place(ParallelPlan plan, int stage, int replica, int part, int slice) {
        static Place of(ParallelPlan plan, int rank) {
            int slice = rank % plan.tp();
            int part = rank / plan.tp() % plan.cp();
            int replica = rank / (plan.tp() * plan.cp()) % plan.dp();
            return new Place(plan, rank / (plan.tp() * plan.cp() * plan.dp()), replica, part, slice);
        }

        int rank() {
            return ((stage * plan.dp() + replica) * plan.cp() + part) * plan.tp() + slice;
        }

        int inSums() {
            return replica * plan.cp() + part;
        }

        /** Of the ranks that sum gradients with this one every {@code step}th, this one among them. */
        List<Integer> alike(int step) {
            return IntStream.range(0, plan.dp() * plan.cp())
                    .filter(i -> i % step == inSums() % step)
                    .mapToObj(i -> new Place(plan, stage, i / plan.cp(), i % plan.cp(), slice).rank())
                    .toList();
        }

        Place atStage(int other) {
            return new Place(plan, other, replica, part, slice);
        }

        Place atPart(int other) {
            return new Place(plan, stage, replica, other, slice);
        }

        Place atSlice(int other) {
            return new Place(plan, stage, replica, part, other);
        }
    }
}
