package io.apus.model;

import io.apus.model.layer.ChangeSlot;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Embedding;
import io.apus.model.layer.KvCache;
import io.apus.model.layer.Norm;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.PartUse;
import io.apus.model.layer.PassContext;
import io.apus.model.layer.Projection;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.layer.Rotary;
import io.apus.model.layer.Stretch;
import io.apus.model.layer.TokenBatch;
import io.apus.model.layer.VirtualTokens;
import io.apus.model.layer.expert.ExpertBank;
import io.apus.model.layer.expert.ExpertSlot;
import io.apus.model.quant.QuantisedBank;
import io.apus.model.quant.QuantisedLinear;
import io.apus.model.quant.Quantiser;
import io.apus.schemas.UserError;
import io.apus.tensor.Autocast;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;

/**
 * A decoder-only language model on one device, which computes on tokens laid end to end without padding. It begins on the CPU in float32;
 * {@link #place} moves it.
 */
public final class DecoderModel implements AutoCloseable {
    private ModelConfig config;
    private Decoder decoder;
    private VirtualTokens virtualTokens = VirtualTokens.NONE;
    private PartUse use = PartUse.none();
    private Device device = Device.CPU;
    private Precision precision = Precision.FLOAT32;
    private boolean ownTokenRows;
    private final LoadedParts.Source source;

    DecoderModel(ModelConfig config, LoadedParts parts) {
        this.config = config;
        this.source = parts.source();
        this.decoder = config.assemble(parts);
    }

    /** Reads config.json and the safetensors beside it; all that does not fit is one {@link io.apus.schemas.UserError}. */
    public static DecoderModel load(Path folder) {
        return load(folder, Optional.empty());
    }

    /** As {@link #load(Path)}, with the layers' linears quantised one by one as they are read. */
    public static DecoderModel load(Path folder, Optional<Quantiser> quantiser) {
        return open(folder, quantiser, linear -> true).read();
    }

    /**
     * As {@link #load(Path, Optional)}, with parameters that are read when they are asked for and until {@link #read} at the latest: what has been cut
     * off by then never is. Quantised weights are read at once.
     *
     * @param used names of the linears, and of the experts in banks, that will be computed with as quantised weights: others are not quantised
     */
    public static DecoderModel open(Path folder, Optional<Quantiser> quantiser, Predicate<String> used) {
        ModelConfig config = ModelConfig.read(folder);
        return new DecoderModel(config, WeightReader.open(folder, config, quantiser, used));
    }

    /** Reads what of this model is not in memory yet; gives the files back. */
    public DecoderModel read() {
        parameters().values().forEach(Parameter::tensor);
        source.close();
        return this;
    }

    /** A model with transformers' initial weights: normal(0, initializer_range), norms 1, biases 0. The same seed gives the same bytes. */
    public static DecoderModel random(ModelConfig config, long seed) {
        return openRandom(config, seed).read();
    }

    /** As {@link #random(ModelConfig, long)}, with parameters that are made when they are asked for; parts of them are the same numbers. */
    public static DecoderModel openRandom(ModelConfig config, long seed) {
        return new DecoderModel(config, new LoadedParts(Initializer.random(config, seed)));
    }

    /**
     * The same made on {@code device}, with matrices as {@code types} has frozen ones, to be placed when it is known what learns: for
     * measurements, where the numbers do not matter.
     */
    public static DecoderModel random(ModelConfig config, long seed, Device device, Precision types) {
        DecoderModel model =
                new DecoderModel(config, new LoadedParts(Initializer.random(config, seed, device, types.frozen())));
        model.device = device;
        return model;
    }

    public ModelConfig config() {
        return config;
    }

    public Embedding embedding() {
        return decoder.embedding();
    }

    public List<DecoderBlock> blocks() {
        return decoder.blocks();
    }

    /** Puts others in the place of the blocks, as many as before: those that tuners made of them. */
    public void replaceBlocks(List<DecoderBlock> others) {
        if (others.size() != blocks().size()) {
            throw new IllegalArgumentException(others.size() + " blocks for " + blocks().size());
        }
        decoder = decoder.with(others);
    }

    /** Puts others in the place of what knows the vocabulary. */
    public void replaceVocabulary(Embedding embedding, OutputHead head) {
        decoder = decoder.with(embedding, head);
    }

    /**
     * Leaves the blocks from {@code from} to before {@code to} of a whole model, with what is before its first and after its last block, and
     * closes the parameters of the rest; what is attached to it must be attached by then.
     */
    public void keep(int from, int to) {
        Map<String, Parameter> before = parameters();
        decoder = decoder.part(from, to, virtualTokens.trainable());
        if (from > 0) {
            virtualTokens = virtualTokens.behind();
        }
        Set<String> kept = parameters().keySet();
        before.forEach((name, parameter) -> {
            if (!kept.contains(name)) {
                parameter.close();
            }
        });
    }

    /** Which of the layers this model has. */
    public Stretch stretch() {
        return decoder.stretch();
    }

    /** The parameters behind the last block, with a tied head's weight where no embedding is there. */
    public List<Parameter> headParameters() {
        return decoder.headParameters();
    }

    /**
     * Makes this the model of {@code config}, put together from plain {@code parameters}, which it takes over. What of the present
     * ones is not among them the caller closes.
     */
    public void rebuild(ModelConfig config, Map<String, Parameter> parameters) {
        this.config = config;
        this.decoder = config.assemble(new LoadedParts(parameters));
    }

    public Device device() {
        return device;
    }

    public Precision precision() {
        return precision;
    }

    /**
     * Moves every parameter, those that tuners added included, to {@code target}, and matrices of floats to the types of
     * {@code types} by whether they learn now. Vectors, such as norms and biases, stay float32, and packed numbers what they are.
     */
    public void place(Device target, Precision types) {
        parameters().values().forEach(parameter -> parameter.move(target, typeOf(parameter, types)));
        device = target;
        precision = types;
    }

    private static DType typeOf(Parameter parameter, Precision types) {
        DType own = parameter.dtype();
        boolean matrix = parameter.shape().length > 1 && (own == DType.F32 || own == DType.BF16);
        if (!matrix || parameter.isPacked()) {
            return own;
        }
        return parameter.trainable() ? types.learned() : types.frozen();
    }

    /** Products and attention on this thread in the model's {@link #precision} until it is closed. */
    public Autocast products() {
        return Autocast.of(device, precision.products());
    }

    /** Embeddings of a batch that lies on the model's device, [tokens, hiddenSize] as states go from layer to layer; no graph. */
    public Tensor embedded(TokenBatch batch) {
        Tensor rows = embedding().forward(batch);
        return DType.of(rows) == precision.products()
                ? rows
                : rows.to(precision.products().scalarType());
    }

    /**
     * Makes room for {@code vocabSize} tokens, more than there are: new rows of the embedding, the output head and its bias. It belongs
     * before whatever tuners attach. The same {@code seed} gives the same rows.
     */
    public void growVocabulary(int vocabSize, long seed) {
        ModelConfig grown = config.withVocabulary(vocabSize);
        Map<String, Parameter> parameters = TokenRows.grown(parameters(), grown.shapes(), seed);
        Map<String, Projection> linears = new TreeMap<>();
        projections().forEach((name, slot) -> linears.put(name, slot.get()));
        Map<String, ExpertBank> banks = new TreeMap<>();
        expertSlots().forEach(slot -> banks.put(slot.name(), slot.get()));
        decoder = grown.assemble(new LoadedParts(parameters, linears, banks));
        config = grown;
        ownTokenRows = true;
    }

    /** Whether the rows of tokens are others than those of the folder that the model was read from, even if they are not trained. */
    public boolean ownTokenRows() {
        return ownTokenRows;
    }

    /** Says that the rows of tokens were replaced. */
    public void keepTokenRows() {
        ownTokenRows = true;
    }

    /** What stands in front of every segment. */
    public VirtualTokens virtualTokens() {
        return virtualTokens;
    }

    public void virtualTokens(VirtualTokens others) {
        virtualTokens = others;
    }

    /** Who is told which part is computed next. */
    public PartUse use() {
        return use;
    }

    public void use(PartUse other) {
        use = other;
    }

    /** The parameters of each part, in the order of {@link PartUse}; a tied head's weight is in the first and the last, a part that is not here has none. */
    public List<List<Parameter>> parts() {
        List<List<Parameter>> parts = decoder.parts();
        virtualTokens.embeddings().ifPresent(parts.get(0)::add);
        return parts;
    }

    public Norm finalNorm() {
        return decoder.finalNorm();
    }

    public OutputHead head() {
        return decoder.head();
    }

    /** The rotations of positions that the blocks use. */
    public List<Rotary> rotaries() {
        return decoder.rotaries();
    }

    /** Every parameter by name, those that tuners added included; a tied head's weight appears once, as the embedding. */
    public SortedMap<String, Parameter> parameters() {
        SortedMap<String, Parameter> all = new TreeMap<>();
        decoder.parameters().forEach(parameter -> all.put(parameter.name(), parameter));
        virtualTokens.embeddings().ifPresent(learned -> all.put(learned.name(), learned));
        return Collections.unmodifiableSortedMap(all);
    }

    /** Every linear map of the layers by its module name; the output head is not among them. */
    public SortedMap<String, ProjectionSlot> projections() {
        return decoder.projections();
    }

    /** Every bank of experts' matrices that files hold in one tensor. */
    public List<ExpertSlot> expertSlots() {
        return ExpertSlot.in(blocks());
    }

    /** Every place beside a weight that is no linear's. */
    public List<ChangeSlot<?>> changeSlots() {
        return decoder.changeSlots();
    }

    /**
     * Hidden states after the final norm, [tokens, hiddenSize], without dropout and without a gradient graph.
     *
     * @param cacheOrNull holds what came before each segment and takes the batch up
     */
    public Tensor hidden(TokenBatch batch, KvCache cacheOrNull) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad();
                Autocast products = products()) {
            if (cacheOrNull != null) {
                cacheOrNull.begin(batch.segmentLengths());
            }
            TokenBatch placed = virtualTokens.placed(batch).on(device);
            VirtualTokens led = cacheOrNull != null && cacheOrNull.led() ? VirtualTokens.NONE : virtualTokens;
            PassContext pass = PassContext.inference(rotaries(), led.led(placed), cacheOrNull);
            use.next(0, false);
            Tensor states = led.led(embedded(placed));
            int part = 0;
            for (DecoderBlock block : blocks()) {
                use.next(++part, false);
                try (Scope inner = Scope.open()) {
                    states = inner.keep(block.forward(states, pass));
                }
            }
            if (cacheOrNull != null) {
                cacheOrNull.commit();
            }
            use.next(part + 1, false);
            return scope.keep(finalNorm().forward(led.rest(states)));
        }
    }

    /**
     * As {@link #hidden} with no cache, for a model of some of the layers.
     *
     * @param arrivedOrNull what the layers before made of the batch and the rows in front of it; null where there are none
     * @return [rows, hiddenSize]; without those in front and after the final norm where it is there
     */
    public Tensor passed(TokenBatch batch, Tensor arrivedOrNull) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad();
                Autocast products = products()) {
            TokenBatch placed = virtualTokens.placed(batch).on(device);
            PassContext pass = PassContext.inference(rotaries(), virtualTokens.led(placed), null);
            use.next(0, false);
            Tensor states = stretch().embeds() ? virtualTokens.led(embedded(placed)) : arrivedOrNull;
            int part = 0;
            for (DecoderBlock block : blocks()) {
                use.next(++part, false);
                try (Scope inner = Scope.open()) {
                    states = inner.keep(block.forward(states, pass));
                }
            }
            use.next(part + 1, false);
            return scope.keep(stretch().predicts() ? finalNorm().forward(virtualTokens.rest(states)) : states);
        }
    }

    /** Uses the parts as {@link #hidden} does and computes nothing: for those who have nothing to compute while others do. */
    public void idle() {
        for (int part = 0; part <= blocks().size() + 1; part++) {
            use.next(part, false);
        }
    }

    /** Logits of some rows of {@link #hidden}, [rows, vocabSize]; records no gradient graph. */
    public Tensor logits(Tensor hiddenRows) {
        try (NoGrad guard = Torch.noGrad();
                Autocast products = products()) {
            return head().logits(hiddenRows);
        }
    }

    /** How many weights are quantised: linears, and banks of experts' matrices. */
    public long quantised() {
        return QuantisedLinear.count(projections().values()) + QuantisedBank.count(expertSlots());
    }

    /**
     * Refuses where quantised weights cannot take part.
     *
     * @param problem what cannot be done
     */
    public void requireFloats(String problem) {
        if (quantised() > 0) {
            throw new UserError(
                    problem,
                    quantised() + " of its weights are quantised",
                    "Train an adapter (tuner_type lora), save that alone, or use a model of floats.");
        }
    }

    /** Gives every quantised weight plain float32 numbers: what remains has no quantisation in it. */
    public void dequantise() {
        expertSlots().forEach(slot -> slot.replace(ExpertBank::plain));
        for (ProjectionSlot slot : projections().values()) {
            slot.replace(projection ->
                    projection instanceof QuantisedLinear quantised ? quantised.dequantised() : projection);
        }
    }

    /** An empty cache for {@code slots} sequences of at most {@code capacity} tokens each. */
    public KvCache cache(int slots, int capacity) {
        return new KvCache(
                blocks().stream().map(block -> block.mixer().cacheShape()).toList(),
                slots,
                capacity,
                device,
                precision.products());
    }

    /** Writes config.json and the weights in float32, sharded with an index as transformers does. */
    public void save(Path folder, long maxShardBytes) {
        save(folder, maxShardBytes, DType.F32);
    }

    /** As {@link #save(Path, long)}, stored as {@code stored} (F32, F16 or BF16). */
    public void save(Path folder, long maxShardBytes, DType stored) {
        WeightWriter.write(this, folder, maxShardBytes, stored);
    }

    @Override
    public void close() {
        parameters().values().forEach(Parameter::close);
        source.close();
    }
}
