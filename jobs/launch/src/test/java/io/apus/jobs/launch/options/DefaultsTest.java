package io.apus.jobs.launch.options;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.testkit.SharedReference;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Pins the default of every option: a change here is a change of what runs mean. */
class DefaultsTest {
    private static final String PINNED =
            """
            output_dir=output
            seed=42
            cluster.master=local-cluster[2,1,1024]
            cluster.memory_overhead=(not given)
            cluster.spark_conf={}
            model.model=REQUIRED
            model.model_type=(not given)
            model.torch_dtype=(not given)
            model.adapters=[]
            model.model_revision=(not given)
            model.quant_method=(not given)
            model.quant_bits=(not given)
            model.hqq_axis=(not given)
            model.bnb_4bit_compute_dtype=(not given)
            model.bnb_4bit_quant_type=nf4
            model.bnb_4bit_use_double_quant=true
            model.bnb_4bit_quant_storage=(not given)
            model.new_special_tokens=[]
            model.pad_to_multiple_of=1
            ingest.dataset=["REQUIRED"]
            ingest.val_dataset=[]
            ingest.split_dataset_ratio=0.0
            ingest.data_seed=42
            ingest.dataset_shuffle=true
            ingest.val_dataset_shuffle=false
            ingest.interleave_prob=[]
            ingest.stopping_strategy=first_exhausted
            ingest.columns={}
            ingest.disable_auto_column_mapping=false
            ingest.model_name=[]
            ingest.model_author=[]
            ingest.strict=false
            filter.filters=["empty","role_order","length","exact_duplicate"]
            tokenize.system=(not given)
            tokenize.max_length=(not given)
            tokenize.truncation_strategy=delete
            tokenize.loss_scale=default
            tokenize.use_chat_template=true
            tokenize.enable_thinking=(not given)
            tokenize.template=(not given)
            tokenize.template_backend=swift
            tokenize.agent_template=(not given)
            tokenize.response_prefix=(not given)
            tokenize.preserve_thinking=(not given)
            tokenize.add_non_thinking_prefix=true
            tokenize.disable_ignore_empty_think=false
            tokenize.is_binary_loss_scale=(not given)
            tokenize.chat_template_kwargs={}
            tokenize.template_mode=train
            pack.packing=false
            pack.packing_length=(not given)
            pack.packing_strategy=binpack
            pack.shard_tokens=16777216
            tuner.tuner_type=lora
            tuner.lora_rank=8
            tuner.lora_alpha=32.0
            tuner.lora_dropout=0.05
            tuner.lora_bias=none
            tuner.lora_dtype=(not given)
            tuner.use_rslora=false
            tuner.use_dora=false
            tuner.lorap_lr_ratio=(not given)
            tuner.init_weights=true
            tuner.vera_rank=256
            tuner.vera_projection_prng_key=0
            tuner.vera_dropout=0.0
            tuner.vera_d_initial=0.1
            tuner.fourier_n_frequency=2000
            tuner.fourier_scaling=300.0
            tuner.oft_block_size=32
            tuner.boft_block_size=4
            tuner.boft_block_num=0
            tuner.boft_n_butterfly_factor=1
            tuner.boft_dropout=0.0
            tuner.adapter_act=gelu
            tuner.adapter_length=128
            tuner.llamapro_num_new_blocks=4
            tuner.llamapro_num_groups=(not given)
            tuner.reft_rank=4
            tuner.reft_layers=[]
            tuner.reft_intervention_type=LoreftIntervention
            tuner.num_virtual_tokens=20
            tuner.lora_ga_batch_size=2
            tuner.lora_ga_iters=2
            tuner.lora_ga_max_length=1024
            tuner.lora_ga_direction=ArB2r
            tuner.lora_ga_scale=stable
            tuner.lora_ga_stable_gamma=16
            tuner.adalora_target_r=8
            tuner.adalora_init_r=12
            tuner.adalora_tinit=0
            tuner.adalora_tfinal=0
            tuner.adalora_deltaT=1
            tuner.adalora_beta1=0.85
            tuner.adalora_beta2=0.85
            tuner.adalora_orth_reg_weight=0.5
            tuner.target_modules=["all-linear"]
            tuner.target_regex=(not given)
            tuner.target_parameters=[]
            tuner.modules_to_save=[]
            tuner.freeze_parameters_ratio=0.0
            tuner.freeze_parameters=[]
            tuner.freeze_parameters_regex=(not given)
            tuner.trainable_parameters=[]
            tuner.trainable_parameters_regex=(not given)
            train.world_size=1
            train.per_device_train_batch_size=1
            train.per_device_eval_batch_size=1
            train.gradient_accumulation_steps=(not given)
            train.learning_rate=(not given)
            train.num_train_epochs=3.0
            train.max_steps=-1
            train.optim=adamw_torch
            train.weight_decay=0.1
            train.adam_beta1=0.9
            train.adam_beta2=0.95
            train.adam_epsilon=1.0E-8
            train.max_grad_norm=1.0
            train.lr_scheduler_type=cosine
            train.warmup_ratio=0.0
            train.warmup_steps=0
            train.gradient_checkpointing=true
            train.train_dataloader_shuffle=true
            train.group_by_length=false
            train.logging_steps=5
            train.logging_first_step=true
            train.save_strategy=steps
            train.save_steps=500
            train.save_total_limit=(not given)
            train.eval_strategy=(not given)
            train.eval_steps=500
            train.report_to=["tensorboard"]
            train.ddp_timeout=600
            train.lr_scheduler_kwargs={}
            train.optim_args={}
            train.optimizer=(not given)
            train.neftune_noise_alpha=(not given)
            train.router_aux_loss_coef=0.0
            train.use_galore=false
            train.galore_target_modules=[]
            train.galore_rank=128
            train.galore_update_proj_gap=50
            train.galore_scale=1.0
            train.galore_proj_type=std
            train.galore_optim_per_parameter=false
            train.galore_with_embedding=false
            train.galore_quantization=false
            train.galore_proj_quant=false
            train.galore_proj_bits=4
            train.galore_proj_group_size=256
            train.galore_cos_threshold=0.4
            train.galore_gamma_proj=2
            train.galore_queue_size=5
            train.lisa_activated_layers=0
            train.lisa_step_interval=20
            train.checkpoint_dir=(not given)
            train.async_save=true
            train.load_best_model_at_end=false
            train.metric_for_best_model=loss
            train.greater_is_better=false
            train.create_checkpoint_symlink=false
            train.resume_from_checkpoint=(not given)
            train.resume_only_model=false
            train.ignore_data_skip=false
            train.resume_allow_changes=[]
            train.dataloader_num_workers=1
            train.dataloader_prefetch_factor=2
            train.parallel={}
            train.deepspeed=(not given)
            train.fsdp=(not given)
            train.fsdp_config={}
            train.device_map={}
            train.max_memory={}
            train.sequence_parallel_size=1
            train.grad_reduce_in_bf16=false
            train.ddp_bucket_cap_mb=(not given)
            train.stall_timeout=(not given)
            train.rank_cpus=(not given)
            train.rank_gpus=(not given)
            evaluate.eval_dataset=[]
            evaluate.eval_limit=(not given)
            evaluate.max_new_tokens=64
            evaluate.temperature=0.0
            evaluate.report_samples=8
            evaluate.base_as_trained=true
            export.formats=["hf"]
            export.merge_lora=true
            export.max_shard_size=5GB
            model.create.architecture=Qwen3ForCausalLM
            model.create.vocab_size=4096
            model.create.hidden_size=192
            model.create.intermediate_size=512
            model.create.num_hidden_layers=6
            model.create.num_attention_heads=6
            model.create.num_key_value_heads=2
            model.create.head_dim=32
            model.create.max_position_embeddings=1024
            model.create.rope_theta=10000.0
            model.create.tie_word_embeddings=true
            """;

    /**
     * Options where Apus differs from ms-swift on purpose. {@code ddp_timeout}: 208 days would hide a dead rank, ranks here give up
     * after ten minutes. {@code merge_lora}: an exported model is one that can be run. {@code async_save}: it is as safe, and the plan says
     * what memory it takes.
     */
    private static final Set<String> ON_PURPOSE = Set.of("ddp_timeout", "merge_lora", "async_save");

    @Test
    void everyDefaultIsPinned() {
        List<String> lines = new ArrayList<>();
        OptionHelp.defaults().forEach((key, value) -> lines.add(key + "=" + value));

        assertThat(lines).containsExactlyInAnyOrderElementsOf(PINNED.lines().toList());
    }

    @Test
    void defaultsAreThoseOfMsSwift() throws IOException {
        Map<String, String> theirs = literalDefaults();
        assertThat(theirs).hasSizeGreaterThan(500);
        List<String> differing = new ArrayList<>();
        OptionHelp.defaults().forEach((key, ours) -> {
            String name = key.substring(key.lastIndexOf('.') + 1);
            String swift = theirs.get(name);
            if (swift != null
                    && !swift.equals("None")
                    && !ON_PURPOSE.contains(name)
                    && !same(ours, swift)
                    && !ours.contains("REQUIRED")) {
                differing.add(key + ": " + ours + " here, " + swift + " in ms-swift");
            }
        });
        assertThat(differing).isEmpty();
    }

    @Test
    void whatMsSwiftKnowsAndWeDoNotOfferIsListed() throws IOException {
        Set<String> listed = UnknownNames.knownToMsSwift();
        assertThat(OptionCatalog.INSTANCE.names()).doesNotContainAnyElementsOf(listed);
        for (String name : literalDefaults().keySet()) {
            assertThat(listed.contains(name)
                            || OptionCatalog.INSTANCE.named(name).isPresent())
                    .as(name)
                    .isTrue();
        }
    }

    /** Python's literal and our text of the same value. */
    private static boolean same(String ours, String swift) {
        String bare = swift.replace("'", "\"").replace(" ", "");
        if (bare.startsWith("\"")) {
            bare = bare.substring(1, bare.length() - 1);
        }
        if (ours.equalsIgnoreCase(bare)) {
            return true;
        }
        try {
            return Double.parseDouble(ours) == Double.parseDouble(bare);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Default by option, of the fine-tuning command: its own classes come before those that all commands share. */
    private static Map<String, String> literalDefaults() throws IOException {
        Map<String, String> sft = new LinkedHashMap<>();
        Map<String, String> shared = new LinkedHashMap<>();
        Map<String, String> others = new LinkedHashMap<>();
        List<String> lines = Files.readAllLines(SharedReference.path("reference/options.tsv"));
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t", -1);
            if (cells[2].startsWith("--")) {
                Map<String, String> target =
                        cells[0].equals("pt,sft,rlhf") ? sft : cells[0].equals("all") ? shared : others;
                target.merge(cells[2].substring(2), cells[4], (first, second) -> first.equals("None") ? second : first);
            }
        }
        shared.forEach(
                (name, value) -> sft.merge(name, value, (first, second) -> first.equals("None") ? second : first));
        others.forEach(sft::putIfAbsent);
        return sft;
    }
}
