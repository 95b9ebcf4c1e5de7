package io.apus.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.apus.corpus.tokenize.SpecialFrame;
import io.apus.corpus.tokenize.Tokenizer;
import io.apus.corpus.tokenize.Tokenizers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Texts as the tensors of an encoder model, padded to the longest of the batch. */
final class TextInputs {
    private final Tokenizer tokenizer;
    private final SpecialFrame frame;
    private final int maxLength;

    /** The tokenizer of a model folder; texts are cut behind {@code maxLength} tokens, special ones included. */
    TextInputs(Path folder, int maxLength) {
        this.tokenizer = Tokenizers.load(folder);
        this.frame = SpecialFrame.read(folder.resolve("tokenizer.json"));
        this.maxLength = maxLength;
    }

    /** Token ids of a text with its special tokens. */
    int[] ids(String text) {
        int[] own = tokenizer.ids(text);
        int room = Math.max(0, maxLength - frame.ids(new int[0]).length);
        return frame.ids(own.length <= room ? own : Arrays.copyOf(own, room));
    }

    /**
     * Tensors of shape [texts, longest], int64, by the names that Hugging Face's exports have.
     *
     * @param names the inputs that the model has, any of input_ids, attention_mask, token_type_ids
     * @param rows token ids of each text
     */
    static NDList tensors(NDManager manager, List<String> names, List<int[]> rows) {
        int width = rows.stream().mapToInt(row -> row.length).max().orElse(0);
        long[] ids = new long[rows.size() * width];
        long[] mask = new long[ids.length];
        for (int i = 0; i < rows.size(); i++) {
            int[] row = rows.get(i);
            for (int j = 0; j < row.length; j++) {
                ids[i * width + j] = row[j];
                mask[i * width + j] = 1;
            }
        }
        NDList list = new NDList();
        for (String name : names) {
            long[] values =
                    switch (name) {
                        case "input_ids" -> ids;
                        case "attention_mask" -> mask;
                        case "token_type_ids" -> new long[ids.length];
                        default -> throw new IllegalArgumentException("the model has an input " + name);
                    };
            NDArray array = manager.create(values, new Shape(rows.size(), width));
            array.setName(name);
            list.add(array);
        }
        return list;
    }
}
