using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Minion.Contracts.Faults;

namespace Minion.Models.Tests.Catalog;

public sealed class ModelCatalogTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"models-{Guid.NewGuid():n}.yaml");
    private readonly RecordingLogger _logger = new();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Shipped_models_are_many_and_from_every_provider()
    {
        var catalog = new ModelCatalog(null, NullLogger.Instance).Current;

        catalog.All.Count.ShouldBeGreaterThanOrEqualTo(25);
        catalog.All.Select(m => m.Provider).Distinct().ShouldBe(CatalogProviders.Names, ignoreOrder: true);
        catalog.AsOf.Year.ShouldBeGreaterThanOrEqualTo(2026);
        foreach (var tier in Enum.GetValues<ModelTier>())
        {
            catalog.InTier(tier).ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void A_model_is_found_by_provider_and_name_and_says_how_it_is_reached()
    {
        var model = new ModelCatalog(null, NullLogger.Instance).Current.Find("openai/gpt-5-mini").ShouldNotBeNull();

        model.Price.Input.ShouldBe(0.25m);
        model.Price.CachedInput.ShouldBe(0.025m);
        model.Tier.ShouldBe(ModelTier.Moderate);
        model.Can(ModelCapabilities.Tools).ShouldBeTrue();
        var definition = model.ToDefinition();
        definition.Name.ShouldBe("openai/gpt-5-mini");
        definition.Model.ShouldBe("gpt-5-mini");
        definition.ApiKeyVariable.ShouldBe("OPENAI_API_KEY");
        definition.MaxOutput.ShouldBe(128_000);
    }

    [Fact]
    public void A_local_model_needs_no_key() =>
        new ModelCatalog(null, NullLogger.Instance).Current.Find("ollama/qwen3:8b").ShouldNotBeNull().ToDefinition().ApiKeyVariable.ShouldBeNull();

    [Fact]
    public void A_file_changes_what_it_names_and_adds_what_is_new()
    {
        Write("""
            models:
              - { provider: openai, model: gpt-5-mini, price: { input: 0.20, output: 1.50 } }
              - { provider: groq, model: next, tier: expert, context_window: 1000, max_output: 100, price: { input: 1, output: 2 }, failover: [openai/gpt-5-mini] }
            """);
        var catalog = new ModelCatalog(_file, _logger).Current;

        catalog.Find("openai/gpt-5-mini")!.Price.Input.ShouldBe(0.20m);
        catalog.Find("openai/gpt-5-mini")!.ContextWindow.ShouldBe(400_000);
        catalog.Find("groq/next")!.Failover.ShouldBe(["openai/gpt-5-mini"]);
        catalog.Find("openai/gpt-5")!.Price.Output.ShouldBe(10m);
    }

    [Fact]
    public void Every_error_of_a_file_is_told_at_once_with_line_and_path()
    {
        Write("""
            models:
              - { provider: openai, model: gpt-5-mini, price: { input: -0.2, output: 1.5 } }
              - { provider: opnai, model: x }
              - { provider: groq, model: a, tier: hard, context_window: 1, max_output: 1, price: { input: 1, output: 1 }, failover: [groq/b] }
              - { provider: groq, model: b, tier: expert, contxt_window: 1, max_output: 1, price: { input: 1, output: 1 }, failover: [groq/a] }
              - { provider: groq, model: b, failover: [openai/gpt-5-mni] }
            """);

        var errors = Should.Throw<Fault>(() => new ModelCatalog(_file, _logger)).Message.Split('\n').Select(e => e[_file.Length..]).ToList();

        errors.ShouldContain(":2:60 models[0].price.input: must be an amount from 0 to 1000000, not '-0.2'");
        errors.ShouldContain(":3:17 models[1].provider: there is no provider 'opnai'. Did you mean 'openai'?");
        errors.ShouldContain(":4:39 models[2].tier: there is no tier 'hard'. Allowed: local-small, moderate, complex, expert");
        errors.ShouldContain(":5:47 models[3].contxt_window: there is no such key. Did you mean 'context_window'?");
        errors.ShouldContain(e => e.StartsWith(":5:") && e.Contains("models[3].context_window: is missing"));
        errors.ShouldContain(e => e.StartsWith(":6:") && e.Contains("a second time; the first is in line 5"));
        errors.ShouldContain(e => e.StartsWith(":6:") && e.Contains("there is no model 'openai/gpt-5-mni'. Did you mean 'openai/gpt-5-mini'?"));
    }

    [Fact]
    public void The_keys_of_a_price_are_listed_once()
    {
        Write("models: [ { provider: openai, model: gpt-5-mini, price: { input: 1, output: 1, zzzzzzzz: 1 } } ]");

        Should.Throw<Fault>(() => new ModelCatalog(_file, _logger)).Message
            .ShouldEndWith("there is no such key. Allowed here: input, cached_input, cache_write, output, reasoning, long_context");
    }

    [Fact]
    public void Failover_that_goes_in_a_circle_is_an_error()
    {
        Write("""
            models:
              - { provider: gemini, model: gemini-2.5-flash, failover: [openai/gpt-5-mini] }
            """);

        Should.Throw<Fault>(() => new ModelCatalog(_file, _logger)).Message
            .ShouldContain("failover: goes in a circle: openai/gpt-5-mini → gemini/gemini-2.5-flash → openai/gpt-5-mini");
    }

    [Fact]
    public void A_file_is_read_again_when_it_changes_and_the_last_good_one_stays()
    {
        Write("models: [ { provider: openai, model: gpt-5-mini, price: { input: 1, output: 1 } } ]");
        var catalog = new ModelCatalog(_file, _logger);

        Write("models: [ { provider: openai, model: gpt-5-mini, price: { input: 222, output: 1 } } ]");
        catalog.Refresh();
        catalog.Current.Find("openai/gpt-5-mini")!.Price.Input.ShouldBe(222m);

        Write("models: [ { provider: openai, model: gpt-5-mini, price: { input: -30000, output: 1 } } ]");
        catalog.Refresh();
        catalog.Refresh();
        catalog.Current.Find("openai/gpt-5-mini")!.Price.Input.ShouldBe(222m);
        _logger.Lines.Count(l => l.Contains("models[0].price.input")).ShouldBe(1);
        _logger.Lines.ShouldContain(l => l.Contains("has an error; the last good one stays"));

        File.Delete(_file);
        catalog.Refresh();
        catalog.Current.Find("openai/gpt-5-mini")!.Price.Input.ShouldBe(0.25m);
    }

    private void Write(string content) => File.WriteAllText(_file, content);

    private sealed class RecordingLogger : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
