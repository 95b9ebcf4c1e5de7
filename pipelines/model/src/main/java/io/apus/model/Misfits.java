package io.apus.model;

import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.List;

/** What of a folder's weights does not fit its config.json, and which key of that is to blame. */
final class Misfits {
    private static final int LISTED = 8;

    private final List<String> faults = new ArrayList<>();
    private String suspect;

    void add(String fault, String suspectedKey) {
        faults.add(fault);
        suspect = suspect == null ? suspectedKey : suspect;
    }

    boolean isEmpty() {
        return faults.isEmpty();
    }

    /** Throws the first of them as one line, if there are any. */
    void refuse() {
        if (!isEmpty()) {
            throw error();
        }
    }

    UserError error() {
        String first = String.join("; ", faults.subList(0, Math.min(LISTED, faults.size())));
        String all = faults.size() > LISTED ? first + "; and " + (faults.size() - LISTED) + " more" : first;
        return new UserError("Cannot load weights", all, "Check " + suspect + " in config.json.");
    }
}
