package io.apus.corpus.filter;

import io.apus.schemas.data.Message;
import io.apus.schemas.data.Sample;
import io.apus.schemas.data.SampleKey;
import io.apus.schemas.data.Splits;
import java.util.ArrayList;
import java.util.List;

/** Samples written in a test. */
final class Conversation {
    private Conversation() {}

    /** A sample from roles and contents in turn. */
    static Sample of(String... rolesAndContents) {
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < rolesAndContents.length; i += 2) {
            messages.add(new Message(rolesAndContents[i], rolesAndContents[i + 1]));
        }
        return Sample.conversation(new SampleKey("data", 0, 3, 0), Splits.TRAIN, messages);
    }

    static Sample rejecting(Sample sample, List<Message> rejected) {
        return new Sample(
                sample.key(),
                sample.split(),
                sample.messages(),
                rejected,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
