package io.apus.bench.duplicate;

import io.apus.schemas.data.Message;
import io.apus.schemas.data.Roles;
import io.apus.schemas.data.Sample;
import io.apus.schemas.data.SampleKey;
import io.apus.schemas.data.Splits;
import java.io.Serializable;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Short documents made of random words, each from its number alone; every fifth is a copy of the one before it with a word changed.
 *
 * @param words words of a document on average
 */
record MadeDocuments(int words) implements Serializable {
    private static final int VOCABULARY = 50_000;

    Sample sample(long number) {
        return Sample.conversation(
                new SampleKey("made", 0, number, 0), Splits.TRAIN, List.of(new Message(Roles.ASSISTANT, text(number))));
    }

    String text(long number) {
        boolean copy = number % 5 == 4;
        SplittableRandom random = new SplittableRandom(copy ? number - 1 : number);
        int count = words - words / 4 + random.nextInt(words / 2 + 1);
        StringBuilder text = new StringBuilder();
        int changed = copy ? new SplittableRandom(number).nextInt(count) : -1;
        for (int i = 0; i < count; i++) {
            int word = (int) (VOCABULARY * Math.pow(random.nextDouble(), 3));
            text.append(i == 0 ? "" : i % 12 == 0 ? ". " : " ").append(i == changed ? "changed" : word(word));
        }
        return text.append('.').toString();
    }

    /** Letters that stand for a number: about six of them, as in English. */
    private static String word(int number) {
        return Integer.toString(number * 613 + 40_000, 26).replaceAll("[0-9]", "e");
    }

    /** How many of the first {@code documents} are copies. */
    static long copies(long documents) {
        return documents / 5;
    }
}
