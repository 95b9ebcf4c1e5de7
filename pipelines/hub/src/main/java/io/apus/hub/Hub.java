package io.apus.hub;

import io.apus.hub.cache.HubCache;
import io.apus.hub.cache.HuggingFaceCache;
import io.apus.hub.cache.ModelScopeCache;
import io.apus.hub.http.Download;
import io.apus.hub.http.Http;
import io.apus.hub.http.JsonPages;
import io.apus.hub.http.ProxyVariables;
import io.apus.hub.http.RedirectRule;
import io.apus.hub.http.Resolver;
import io.apus.hub.http.Retry;
import io.apus.hub.http.Sleeper;
import io.apus.hub.remote.HuggingFace;
import io.apus.hub.remote.ModelScope;
import io.apus.hub.remote.Remote;
import io.apus.hub.repo.HubProgress;
import io.apus.hub.repo.RepoId;
import io.apus.hub.repo.RepoKind;
import io.apus.hub.repo.RepoPath;
import io.apus.hub.select.FileSelection;
import io.apus.schemas.Registry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A hub of models and datasets. What was downloaded before is found in the cache of the hub's Python client, and what is downloaded
 * here is found by that client. Every problem is a {@link io.apus.schemas.UserError} that names the repository.
 */
public final class Hub {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Registry<Maker> HUBS =
            Registry.of("hub", Registry.entry("hf", Hub::huggingFace), Registry.entry("ms", Hub::modelScope));

    private interface Maker {
        Hub make(Map<String, String> env, Wait wait);
    }

    /** How time passes: for tests. */
    record Wait(Sleeper sleeper, Clock clock, Duration patience) {}

    private final String defaultRevision;
    private final Snapshots snapshots;

    private Hub(String defaultRevision, Snapshots snapshots) {
        this.defaultRevision = defaultRevision;
        this.snapshots = snapshots;
    }

    /**
     * The hub {@code name}: "hf" (Hugging Face) or "ms" (ModelScope).
     *
     * @param env the process's environment: HF_ENDPOINT, HF_TOKEN, HF_TOKEN_PATH, HF_HOME, HF_HUB_CACHE, HF_HUB_OFFLINE,
     *     HF_HUB_DISABLE_SYMLINKS, TRANSFORMERS_OFFLINE; MODELSCOPE_ENDPOINT, MODELSCOPE_DOMAIN, MODELSCOPE_API_TOKEN, MODELSCOPE_CACHE,
     *     MODELSCOPE_OFFLINE; https_proxy, http_proxy, all_proxy, no_proxy
     */
    public static Hub of(String name, Map<String, String> env) {
        return of(name, env, new Wait(Sleeper.real(), Clock.systemUTC(), PATIENCE));
    }

    static Hub of(String name, Map<String, String> env, Wait wait) {
        return HUBS.get(name).make(env, wait);
    }

    /**
     * Brings the chosen files of a repository to this machine, or finds them here.
     *
     * @param id {@code owner/name}
     * @param revision a branch, tag or commit; null or empty for the hub's default
     */
    public RepoFolder snapshot(
            RepoKind kind, String id, String revision, FileSelection selection, HubProgress progress) {
        String asked = revision == null || revision.isEmpty() ? defaultRevision : revision;
        RepoId repo = new RepoId(kind, id);
        RepoPath.check("Cannot use the revision of the " + repo, asked);
        return snapshots.get(repo, asked, selection, progress);
    }

    private static Hub huggingFace(Map<String, String> env, Wait wait) {
        HubSettings settings = HubSettings.huggingFace(env);
        Map<String, String> secrets = settings.token()
                .map(token -> Map.of("Authorization", "Bearer " + token))
                .orElse(Map.of());
        return hub(
                settings,
                new HuggingFaceCache(settings.cache(), settings.links()),
                secrets,
                HuggingFace::new,
                env,
                wait);
    }

    private static Hub modelScope(Map<String, String> env, Wait wait) {
        HubSettings settings = HubSettings.modelScope(env);
        Map<String, String> secrets = settings.token()
                .map(token -> Map.of("Authorization", "Bearer " + token, "Cookie", "m_session_id=" + token))
                .orElse(Map.of());
        return hub(settings, new ModelScopeCache(settings.cache()), secrets, ModelScope::new, env, wait);
    }

    private interface Api {
        Remote of(URI endpoint, JsonPages pages, boolean hasToken);
    }

    /** Offline nothing is made that could open a connection. */
    private static Hub hub(
            HubSettings settings,
            HubCache cache,
            Map<String, String> secrets,
            Api api,
            Map<String, String> env,
            Wait wait) {
        URI endpoint = settings.endpoint();
        String host = endpoint.getHost();
        CachedSnapshots cached = new CachedSnapshots(cache, host);
        if (settings.offline()) {
            return new Hub(settings.defaultRevision(), new Snapshots(cache, cached, Optional.empty(), host));
        }
        RedirectRule rule = new RedirectRule(endpoint, Resolver.system());
        Http http = new Http(endpoint, secrets, rule, new ProxyVariables(env), wait.patience(), wait.clock());
        Retry retry = new Retry(wait.sleeper());
        Remote remote = api.of(endpoint, new JsonPages(http, endpoint, retry), !secrets.isEmpty());
        Snapshots.Online online = new Snapshots.Online(remote, new Download(http, retry));
        return new Hub(settings.defaultRevision(), new Snapshots(cache, cached, Optional.of(online), host));
    }
}
