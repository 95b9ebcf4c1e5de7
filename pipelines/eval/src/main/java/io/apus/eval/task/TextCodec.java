package io.apus.eval.task;

import io.apus.schemas.data.Message;
import java.util.List;
import java.util.Set;

/** Between text and the token ids of one model. */
public interface TextCodec {
    /** The conversation as the model wants to read it, up to where its answer begins. */
    int[] prompt(List<Message> messages);

    /** {@code text} as the continuation of a prompt, without special tokens. */
    int[] continuation(String text);

    /** The text of ids, without special tokens. */
    String decode(int[] ids);

    /** Ids that end an answer. */
    Set<Integer> stopIds();
}
