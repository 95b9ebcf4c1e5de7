package io.apus.hub.select;

import io.apus.hub.repo.Checksum;
import io.apus.hub.repo.RepoFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A repository of names, some with text. */
final class ListedFiles implements RepoFiles {
    private final Map<String, String> texts = new LinkedHashMap<>();

    static ListedFiles of(String... paths) {
        ListedFiles files = new ListedFiles();
        for (String path : paths) {
            files.texts.put(path, "");
        }
        return files;
    }

    ListedFiles text(String path, String text) {
        texts.put(path, text);
        return this;
    }

    @Override
    public String repo() {
        return "dataset org/rows";
    }

    @Override
    public List<RepoFile> files() {
        return texts.keySet().stream()
                .map(path -> new RepoFile(path, 1, Checksum.NONE))
                .toList();
    }

    @Override
    public Optional<String> text(String path) {
        return Optional.ofNullable(texts.get(path));
    }

    List<String> chosenBy(FileSelection selection) {
        return selection.choose(this).stream().map(RepoFile::path).toList();
    }
}
