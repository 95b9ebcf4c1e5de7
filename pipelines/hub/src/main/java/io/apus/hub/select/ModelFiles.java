package io.apus.hub.select;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.hub.repo.RepoFile;
import io.apus.hub.repo.RepoPath;
import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a model needs here: configuration, tokenizer, chat template, and weights as safetensors; never pickle ({@code *.bin},
 * {@code *.pt}), never code. Where an index names the shards, only those are taken, as some repositories hold the weights twice.
 */
public final class ModelFiles implements FileSelection {
    private static final String INDEX = "model.safetensors.index.json";
    private static final String SINGLE = "model.safetensors";
    private static final Pattern TEXT = Pattern.compile(
            "[\\w.-]+\\.json|merges\\.txt|vocab\\.txt|[\\w.-]+\\.jinja"
                    + "|additional_chat_templates/[\\w.-]+\\.jinja|[\\w-]+\\.model|[\\w.-]+\\.tiktoken|LICENSE[\\w.-]*|README\\.md");
    private static final Pattern PICKLE = Pattern.compile("[^/]+\\.(bin|pt|pth|pkl|ckpt)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final boolean weights;

    private ModelFiles(boolean weights) {
        this.weights = weights;
    }

    /** The whole model. */
    public static ModelFiles all() {
        return new ModelFiles(true);
    }

    /** All but the weights: enough to render templates and tokenise. */
    public static ModelFiles withoutWeights() {
        return new ModelFiles(false);
    }

    @Override
    public List<RepoFile> choose(RepoFiles repo) {
        List<RepoFile> chosen = new ArrayList<>(repo.files().stream()
                .filter(file -> TEXT.matcher(file.path()).matches())
                .toList());
        if (weights) {
            chosen.addAll(weights(repo));
        }
        if (chosen.isEmpty()) {
            throw new UserError("Cannot use the " + repo.repo(), "it has no file of a model", "Check the id.");
        }
        return chosen;
    }

    private static List<RepoFile> weights(RepoFiles repo) {
        List<RepoFile> tensors = repo.files().stream()
                .filter(file -> file.path().matches("[^/]+\\.safetensors"))
                .toList();
        boolean pickle =
                repo.files().stream().anyMatch(f -> PICKLE.matcher(f.path()).matches());
        if (tensors.isEmpty() && pickle) {
            throw new UserError(
                    "Cannot use the " + repo.repo(),
                    "its weights are pickle only, which can run code when it is read",
                    "Choose a revision or a copy of it with *.safetensors.");
        }
        if (tensors.stream().anyMatch(file -> file.path().equals(SINGLE))) {
            return tensors.stream().filter(file -> file.path().equals(SINGLE)).toList();
        }
        return repo.text(INDEX).map(index -> shards(repo, tensors, index)).orElse(tensors);
    }

    private static List<RepoFile> shards(RepoFiles repo, List<RepoFile> tensors, String index) {
        Set<String> named = named(repo, index);
        List<RepoFile> shards =
                tensors.stream().filter(file -> named.contains(file.path())).toList();
        shards.forEach(file -> named.remove(file.path()));
        if (!named.isEmpty()) {
            throw new UserError(
                    "Cannot use the " + repo.repo(),
                    INDEX + " names " + RepoPath.shown(named.iterator().next()) + ", which is not there",
                    "Choose another revision.");
        }
        return shards;
    }

    private static Set<String> named(RepoFiles repo, String index) {
        try {
            Set<String> names = new TreeSet<>();
            for (JsonNode shard : JSON.readTree(index).path("weight_map")) {
                names.add(shard.asText());
            }
            return names;
        } catch (JsonProcessingException e) {
            throw new UserError("Cannot use the " + repo.repo(), INDEX + " is not valid JSON", "", e);
        }
    }
}
