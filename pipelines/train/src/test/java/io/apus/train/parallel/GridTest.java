package io.apus.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import io.apus.schemas.spec.ParallelPlan;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class GridTest {
    @Test
    void eachAxisJoinsTheRanksThatShareIt() throws Exception {
        ParallelPlan plan = new ParallelPlan(2, 2, 2, 1, 2, 0, false, false);

        List<List<List<Long>>> seen = ThreadRanks.run(8, world -> {
            Grid grid = Grid.of(plan, world);
            List<List<Long>> groups = new ArrayList<>();
            for (Collectives group :
                    List.of(grid.sums(), grid.tensor(), grid.pipeline(), grid.context(), grid.experts())) {
                groups.add(group.allGather(new long[] {world.rank()}).stream()
                        .map(one -> one[0])
                        .toList());
            }
            groups.add(List.of((long) grid.replica()));
            return groups;
        });

        assertThat(seen.get(5))
                .containsExactly(
                        List.of(5L, 7L), List.of(4L, 5L), List.of(1L, 5L), List.of(5L), List.of(5L, 7L), List.of(0L));
        assertThat(seen.get(2).subList(0, 3)).containsExactly(List.of(0L, 2L), List.of(2L, 3L), List.of(2L, 6L));
        assertThat(seen.get(2).get(5)).containsExactly(1L);
    }

    @Test
    void tokensAndReplicasSumTogether() throws Exception {
        ParallelPlan plan = new ParallelPlan(2, 1, 1, 2, 1, 0, false, false);

        List<Float> sums = ThreadRanks.run(4, world -> {
            Grid grid = Grid.of(plan, world);
            try (Scope scope = Scope.open()) {
                Tensor value = Torch.floats(world.rank());
                grid.sums().allReduceSum(value).await();
                assertThat(grid.context().size()).isEqualTo(2);
                assertThat(grid.replica()).isEqualTo(world.rank() / 2);
                return Torch.toFloats(value)[0];
            }
        });

        assertThat(sums).containsExactly(6f, 6f, 6f, 6f);
    }

    @Test
    void aPlanForOtherRanksIsRefused() {
        assertThatThrownBy(() -> Grid.of(ParallelPlan.replicas(2), Collectives.alone()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("the plan is for 2 ranks, there are 1");
    }

    /** One stage has two hosts and the other one: what both keep would be cut in two on the one and in four on the other. */
    @Test
    void hostsWithOtherNumbersOfRanksAreRefusedOnEveryRank() throws Exception {
        requireRefused(perHost(4, 1), List.of("a", "a", "a", "b"), "the hosts have [3, 1]");
        requireRefused(perHost(2, 2), List.of("a", "b", "c", "c"), "the hosts have [1, 1], [2]");
        ThreadRanks.run(4, world -> Grid.of(perHost(2, 2), world, List.of("a", "a", "c", "c")));
    }

    private static ParallelPlan perHost(int dp, int pp) {
        return new ParallelPlan(dp, 1, pp, 1, 1, 0, 3, false, false);
    }

    private static void requireRefused(ParallelPlan plan, List<String> hosts, String cause) throws Exception {
        ThreadRanks.run(hosts.size(), world -> {
            assertThatThrownBy(() -> Grid.of(plan, world, hosts))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining(cause);
            return null;
        });
    }
}
