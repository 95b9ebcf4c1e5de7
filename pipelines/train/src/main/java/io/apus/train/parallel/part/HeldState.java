package io.apus.train.parallel.part;

import io.apus.model.layer.Parameter;
import io.apus.tensor.Torch;
import io.apus.train.checkpoint.HeldPiece;
import io.apus.train.checkpoint.ShardedState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Tensors that lie over the ranks as parameters do. Of several ranks with the same part one writes it, another one for each name. */
public record HeldState(List<HeldPiece> written, List<HeldPiece> wanted) implements ShardedState {
    /** The parameter whose name is {@code name}, its end or its beginning. */
    public static Parameter parameter(List<Parameter> parameters, String name) {
        return parameters.stream()
                .filter(parameter ->
                        ("." + name).endsWith("." + parameter.name()) || name.startsWith(parameter.name() + "."))
                .max(Comparator.comparingInt(parameter -> parameter.name().length()))
                .orElseThrow(() -> new IllegalArgumentException(name + " belongs to no parameter"));
    }

    /** Collects one rank's tensors. */
    public static final class Builder {
        private final int rank;
        private final List<HeldPiece> written = new ArrayList<>();
        private final List<HeldPiece> wanted = new ArrayList<>();

        public Builder(int rank) {
            this.rank = rank;
        }

        /**
         * Takes a tensor in.
         *
         * @param holders ranks that hold the same of {@code part}
         * @param all ranks that hold anything of it
         */
        public void add(HeldParameter part, String name, Tensor tensor, List<Integer> holders, List<Integer> all) {
            if (Arrays.equals(Torch.shape(tensor), part.parameter().shape())) {
                add(name, part.pieces(name, tensor), holders);
                return;
            }
            if (tensor.numel() > 1 && part.cut().isPresent()) {
                throw new IllegalArgumentException(name + " has not the shape of its parameter, which is divided");
            }
            addBeside(part, name, tensor, holders, all);
        }

        /** The same of a tensor that goes with all of the parameter, such as counted steps: all who have any of it have the same numbers. */
        public void addBeside(
                HeldParameter part, String name, Tensor tensor, List<Integer> holders, List<Integer> all) {
            boolean alike = part.ofSomeExperts() || !part.ofExpert();
            add(name, tensor, alike ? all : holders);
        }

        /** Takes a tensor in that {@code holders} alone have, all of it. */
        public void add(String name, Tensor tensor, List<Integer> holders) {
            add(name, List.of(HeldPiece.whole(name, tensor)), holders);
        }

        private void add(String name, List<HeldPiece> pieces, List<Integer> same) {
            wanted.addAll(pieces);
            if (same.get(Math.floorMod(name.hashCode(), same.size())) == rank) {
                written.addAll(pieces);
            }
        }

        public HeldState build() {
            return new HeldState(List.copyOf(written), List.copyOf(wanted));
        }
    }
}
