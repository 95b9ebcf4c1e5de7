package io.apus.train.parallel.tensor;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.tensor.Scope;
import io.apus.train.parallel.part.HeldParameters;
import java.util.ArrayList;
import java.util.List;

/**
 * Tensor parallelism (Shoeybi et al., "Megatron-LM", 2019): of the matrices that a block's input goes through first, each rank has some outputs,
 * of those after them the matching inputs; of the embedding and the output head some tokens. Norms are on every rank.
 */
public final class TensorSplit {
    private TensorSplit() {}

    /** Why {@code ranks} cannot share {@code decoder}, at most one line a kind of module. */
    public static List<String> problems(Decoder decoder, int ranks) {
        List<String> problems = new ArrayList<>();
        long tokens = decoder.embedding().weight().shape()[0];
        if (tokens < ranks) {
            problems.add("a vocabulary of " + tokens + " tokens cannot be shared by " + ranks + " ranks");
        }
        for (DecoderBlock block : decoder.blocks()) {
            String mixer = module(block.mixer().slots().get(0).name());
            AttentionSplit.problems(block.mixer(), ranks).forEach(problem -> add(problems, mixer, problem));
            String network = block.mlp().slots().isEmpty()
                    ? "the network of " + mixer
                    : module(block.mlp().slots().get(0).name());
            NetworkSplit.problems(block.mlp(), ranks).forEach(problem -> add(problems, network, problem));
        }
        return problems;
    }

    private static void add(List<String> problems, String module, String problem) {
        if (problems.stream().noneMatch(known -> known.endsWith(": " + problem))) {
            problems.add(module + ": " + problem);
        }
    }

    private static String module(String slot) {
        return slot.substring(0, slot.lastIndexOf('.'));
    }

    /** Leaves of {@code model}, block by block, what {@code group}'s rank computes, and says in {@code held} what that is. */
    public static void apply(DecoderModel model, TensorGroup group, HeldParameters held) {
        LinearSplit linears = new LinearSplit(group, held);
        List<DecoderBlock> blocks = new ArrayList<>();
        for (DecoderBlock block : model.blocks()) {
            try (Scope scope = Scope.open()) {
                blocks.add(block.with(new AttentionSplit(linears).split(block.mixer()))
                        .with(new NetworkSplit(linears).split(block.mlp())));
            }
        }
        model.replaceBlocks(blocks);
        try (Scope scope = Scope.open()) {
            new VocabularySplit(group, held).apply(model);
        }
    }
}
