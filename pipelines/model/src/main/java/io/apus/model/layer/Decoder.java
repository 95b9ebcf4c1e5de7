package io.apus.model.layer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The parts of a decoder-only model.
 *
 * @param rotaries every rotation that some block uses
 */
public record Decoder(
        Embedding embedding, List<DecoderBlock> blocks, Norm finalNorm, OutputHead head, List<Rotary> rotaries) {

    /** The same decoder with other blocks. */
    public Decoder with(List<DecoderBlock> others) {
        return new Decoder(embedding, List.copyOf(others), finalNorm, head, rotaries);
    }

    /** Every linear map of the blocks by its module name; the output head is not among them. */
    public SortedMap<String, ProjectionSlot> projections() {
        SortedMap<String, ProjectionSlot> all = new TreeMap<>();
        blocks.forEach(block -> block.slots().forEach(slot -> all.put(slot.name(), slot)));
        return Collections.unmodifiableSortedMap(all);
    }

    /** Every parameter; a tied head's weight is the embedding's. */
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(embedding.parameters());
        all.addAll(head.ownParameters());
        all.addAll(finalNorm.parameters());
        blocks.forEach(block -> all.addAll(block.parameters()));
        return all;
    }
}
