package io.apus.model.layer;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Some tokens of a batch, in order.
 *
 * @param runs of neighbours, ascending and apart
 */
public record TokenPart(List<Run> runs) {
    /**
     * Neighbouring tokens.
     *
     * @param from first of them
     * @param to first behind them
     */
    public record Run(int from, int to) {
        public int count() {
            return to - from;
        }
    }

    public TokenPart {
        runs = List.copyOf(runs);
    }

    public static TokenPart all(int tokens) {
        return new TokenPart(List.of(new Run(0, tokens)));
    }

    public int count() {
        return runs.stream().mapToInt(Run::count).sum();
    }

    /** Those of these tokens that stand at {@code from} to {@code to} among them. */
    public TokenPart slice(int from, int to) {
        List<Run> cut = new ArrayList<>();
        int before = 0;
        for (Run run : runs) {
            int first = Math.max(from - before, 0);
            int behind = Math.min(to - before, run.count());
            if (first < behind) {
                cut.add(new Run(run.from() + first, run.from() + behind));
            }
            before += run.count();
        }
        return new TokenPart(cut);
    }

    /** Their rows of {@code all}, [tokens, ...]: a view of it where they are neighbours, itself where they are all. */
    public Tensor of(Tensor all) {
        if (count() == all.size(0)) {
            return all;
        }
        TensorVector parts = new TensorVector();
        runs.forEach(run -> parts.push_back(all.narrow(0, run.from(), run.count())));
        return runs.size() == 1 ? parts.get(0) : torch.cat(parts, 0);
    }
}
