package io.apus.jobs.data;

import java.util.List;

/** Where the files of datasets on hubs come from. */
interface Repositories {
    /**
     * One split of one subset of a dataset.
     *
     * @param hub "hf" or "ms"
     * @param id {@code owner/name}
     * @param revision branch, tag or commit, or null for the newest
     * @param subset its name on the hub; empty for the default one, "all" for all
     */
    record Wanted(String hub, String id, String revision, String subset, String split) {}

    /** The hub that is asked where the user names none: "hf" or "ms". */
    String usualHub();

    /** Brings the files here and gives their paths; nothing where this is only a plan. */
    List<String> files(Wanted wanted);

    /** For plans: nothing is fetched. */
    static Repositories none() {
        return new Repositories() {
            @Override
            public String usualHub() {
                return "ms";
            }

            @Override
            public List<String> files(Wanted wanted) {
                return List.of();
            }
        };
    }
}
