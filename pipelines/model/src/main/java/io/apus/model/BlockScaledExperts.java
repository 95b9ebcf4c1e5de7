package io.apus.model;

import io.apus.model.quant.format.Mxfp4;
import io.apus.model.quant.format.Mxfp4Weight;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.pytorch.Tensor;

/**
 * Experts that gpt-oss stores as MXFP4: {@code NAME_blocks} and {@code NAME_scales} in place of the parameter NAME, with its last two
 * dimensions exchanged.
 */
final class BlockScaledExperts {
    private static final String BLOCKS = "_blocks";
    private static final String SCALES = "_scales";
    /** Numbers in a byte of a block's last dimension of 16. */
    private static final long NUMBERS = 32;

    private final WeightFiles files;
    private final Set<String> names = new TreeSet<>();

    BlockScaledExperts(WeightFiles files, Set<String> parameters) {
        this.files = files;
        parameters.stream()
                .filter(name -> files.file(name + BLOCKS) != null && files.file(name + SCALES) != null)
                .forEach(names::add);
    }

    /** Whether the parameter {@code name} is stored so. */
    boolean holds(String name) {
        return names.contains(name);
    }

    /** Whether the tensor {@code name} of a file is a part of one. */
    boolean owns(String name) {
        return List.of(BLOCKS, SCALES).stream()
                .anyMatch(part ->
                        name.endsWith(part) && names.contains(name.substring(0, name.length() - part.length())));
    }

    /** What is wrong with the stored shape, or null. */
    String fault(String name, long[] shape) {
        long[] blocks = files.info(name + BLOCKS).sizes();
        boolean fits = shape.length == 3
                && blocks.length == 4
                && Arrays.equals(shape, new long[] {blocks[0], blocks[2] * NUMBERS, blocks[1]});
        return fits
                ? null
                : name + BLOCKS + " has shape " + Arrays.toString(blocks) + ", which does not hold "
                        + Arrays.toString(shape);
    }

    /** The matrix [out, in] of one expert of {@code name} as it is packed, in tensors of its own in the caller's scope. */
    Mxfp4Weight expert(String name, int expert) {
        return new Mxfp4Weight(
                files.tensor(name + BLOCKS).select(0, expert).clone(),
                files.tensor(name + SCALES).select(0, expert).clone());
    }

    /** The parameter {@code name} as float32, in the caller's scope. */
    Tensor tensor(String name) {
        return Mxfp4.dequantise(files.tensor(name + BLOCKS), files.tensor(name + SCALES))
                .transpose(1, 2)
                .contiguous();
    }
}
