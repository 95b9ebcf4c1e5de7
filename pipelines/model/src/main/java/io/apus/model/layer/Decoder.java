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
 * @param stretch which of them are there
 */
public record Decoder(
        Embedding embedding,
        List<DecoderBlock> blocks,
        Norm finalNorm,
        OutputHead head,
        List<Rotary> rotaries,
        Stretch stretch) {
    /** All of them. */
    public Decoder(
            Embedding embedding, List<DecoderBlock> blocks, Norm finalNorm, OutputHead head, List<Rotary> rotaries) {
        this(embedding, blocks, finalNorm, head, rotaries, Stretch.WHOLE);
    }

    /** The same decoder with other blocks. */
    public Decoder with(List<DecoderBlock> others) {
        return new Decoder(embedding, List.copyOf(others), finalNorm, head, rotaries, stretch);
    }

    /** The same decoder with another embedding and another head. */
    public Decoder with(Embedding otherEmbedding, OutputHead otherHead) {
        return new Decoder(otherEmbedding, blocks, finalNorm, otherHead, rotaries, stretch);
    }

    /** Of this decoder, which is whole, the blocks from {@code from} to before {@code to}, and what is before the first and after the last. */
    public Decoder part(int from, int to) {
        return part(from, to, false);
    }

    /** The same with the embedding joined by something that may learn. */
    public Decoder part(int from, int to, boolean learnsFirst) {
        boolean learnsBefore = from > 0
                && (learnsFirst
                        || embedding.trainable()
                        || blocks.subList(0, from).stream()
                                .flatMap(block -> block.parameters().stream())
                                .anyMatch(Parameter::trainable));
        Stretch kept = new Stretch(from, from == 0, to == blocks.size(), learnsBefore);
        return new Decoder(embedding, List.copyOf(blocks.subList(from, to)), finalNorm, head, rotaries, kept);
    }

    /** Every linear map of the blocks by its module name; the output head is not among them. */
    public SortedMap<String, ProjectionSlot> projections() {
        SortedMap<String, ProjectionSlot> all = new TreeMap<>();
        blocks.forEach(block -> block.slots().forEach(slot -> all.put(slot.name(), slot)));
        return Collections.unmodifiableSortedMap(all);
    }

    /** Every place beside a weight that is no linear's, in the order of the parts. */
    public List<ChangeSlot<?>> changeSlots() {
        List<ChangeSlot<?>> all = new ArrayList<>();
        if (stretch.embeds()) {
            all.add(embedding.changed());
        }
        blocks.forEach(block -> all.addAll(block.mlp().changeSlots()));
        return all;
    }

    /**
     * The parameters of each part: embedding, blocks, final norm with the head; a tied head's weight is in the first and the last. A part that is
     * not there has none.
     */
    public List<List<Parameter>> parts() {
        List<List<Parameter>> parts = new ArrayList<>();
        parts.add(new ArrayList<>(stretch.embeds() ? embedding.parameters() : List.of()));
        blocks.forEach(block -> parts.add(block.parameters()));
        List<Parameter> last = new ArrayList<>();
        if (stretch.predicts()) {
            last.addAll(finalNorm.parameters());
            last.addAll(head.ownParameters());
            if (head.tied()) {
                last.add(head.weight());
            }
        }
        parts.add(last);
        return parts;
    }

    /** Every parameter that is there; a tied head's weight is the embedding's. */
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(stretch.embeds() ? embedding.parameters() : List.of());
        all.addAll(stretch.predicts() ? headParameters() : List.of());
        blocks.forEach(block -> all.addAll(block.parameters()));
        return all;
    }

    /** Those of the head, with the tied weight where no embedding is there, and of the final norm. */
    public List<Parameter> headParameters() {
        List<Parameter> all = new ArrayList<>(head.ownParameters());
        if (head.tied() && !stretch.embeds()) {
            all.add(head.weight());
        }
        all.addAll(finalNorm.parameters());
        return all;
    }
}
