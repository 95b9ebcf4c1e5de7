package io.apus.model.tuner.lora;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Divisible;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.expert.ExpertChange;
import io.apus.tensor.Torch;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The two factors of a low-rank update.
 *
 * @param down A [rank, inFeatures]
 * @param up B [outFeatures, rank]
 */
record LowRank(Parameter down, Parameter up) {
    /** Takes the tensors over, under the names that PEFT gives them in {@code module}. */
    static LowRank of(String module, Tensor down, Tensor up) {
        return new LowRank(
                new Parameter(module + ".lora_A.weight", new Tensor(down)),
                new Parameter(module + ".lora_B.weight", new Tensor(up)));
    }

    List<Parameter> parameters() {
        return List.of(down, up);
    }

    /** Factors of a divided projection, and where they come from. */
    record Part(LowRank factors, List<Divisible.Piece> pieces) {
        static Part of(Divisible.Piece down, Divisible.Piece up) {
            return new Part(new LowRank(down.parameter(), up.parameter()), List.of(down, up));
        }
    }

    /** What gives some of the outputs. */
    Part outputs(Cut cut) {
        return Part.of(Divisible.Piece.shared(down), Divisible.Piece.of(up, cut, 0));
    }

    /** What takes some of the inputs. */
    Part inputs(Cut cut) {
        return Part.of(Divisible.Piece.of(down, cut, 1), Divisible.Piece.shared(up));
    }

    /** Factors of which {@code shares} says what is cut out of them; the same ones where it says nothing. */
    LowRank part(Function<Parameter, Optional<ExpertChange.Share>> shares) {
        UnaryOperator<Parameter> cut = own -> shares.apply(own)
                .map(share -> own.part(share.cut(), share.dimension()))
                .orElse(own);
        return new LowRank(cut.apply(down), cut.apply(up));
    }

    /** x A^T, [tokens, rank]. */
    Tensor narrow(Tensor input) {
        return torch.linear(input, down.tensor());
    }

    /** scale B A as numbers, [outFeatures, inFeatures], without a graph. */
    Tensor product(double scale) {
        return up.tensor().detach().mm(down.tensor().detach()).mul_(Torch.scalar(scale));
    }
}
