package io.apus.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes texts to a model of Hugging Face's layout and back, with plain Java around the model: DJL's own translators compute with tensors, which
 * ONNX Runtime can only do with a second engine beside it.
 *
 * @param <O> what becomes of a text
 */
final class TextTranslator<O> implements Translator<String, O> {
    private static final String LENGTHS = "lengths";

    /** Reads one text's part of the model's first output. */
    interface Reading<O> {
        /**
         * What the model says of one text.
         *
         * @param values the output of the whole batch, flat
         * @param offset where the part of this text begins
         * @param shape the shape of the output without its first axis
         * @param tokens tokens of this text; the rest of the first axis is padding
         */
        O read(float[] values, int offset, long[] shape, int tokens);
    }

    private final TextInputs inputs;
    private final Reading<O> reading;

    TextTranslator(TextInputs inputs, Reading<O> reading) {
        this.inputs = inputs;
        this.reading = reading;
    }

    @Override
    public Batchifier getBatchifier() {
        return Batchifier.STACK;
    }

    @Override
    public NDList batchProcessInput(TranslatorContext context, List<String> texts) {
        List<int[]> rows = texts.stream().map(inputs::ids).toList();
        context.setAttachment(LENGTHS, rows.stream().mapToInt(row -> row.length).toArray());
        return TextInputs.tensors(
                context.getNDManager(), context.getBlock().describeInput().keys(), rows);
    }

    @Override
    public List<O> batchProcessOutput(TranslatorContext context, NDList list) {
        int[] lengths = (int[]) context.getAttachment(LENGTHS);
        NDArray first = list.head();
        long[] shape = first.getShape().slice(1).getShape();
        float[] values = first.toFloatArray();
        List<O> outputs = new ArrayList<>();
        for (int i = 0; i < lengths.length; i++) {
            outputs.add(reading.read(values, i * (values.length / lengths.length), shape, lengths[i]));
        }
        return outputs;
    }

    @Override
    public NDList processInput(TranslatorContext context, String text) {
        return batchProcessInput(context, List.of(text));
    }

    @Override
    public O processOutput(TranslatorContext context, NDList list) {
        return batchProcessOutput(context, list).get(0);
    }
}
