using Microsoft.Extensions.DependencyInjection;
using Minion.Conformance.Models;
using Minion.Models.Resilience;
using Minion.ServiceDefaults.Telemetry;
using Minion.Testing.Time;

namespace Minion.Models.Tests.Resilience;

public sealed class UpstreamsTests : IDisposable
{
    private static readonly ModelDefinition Declared = new() { Name = "big", Provider = "openai-compatible", Model = "m", Url = "http://localhost:1/v1" };
    private readonly ServiceProvider _host = ModelHost.Start();

    [Fact]
    public void What_one_tenant_declares_nobody_else_can_break()
    {
        var upstreams = Make(100);

        upstreams.Of(Declared, "a").ShouldBeSameAs(upstreams.Of(Declared with { Timeout = TimeSpan.FromSeconds(1) }, "a"));
        upstreams.Of(Declared, "b").ShouldNotBeSameAs(upstreams.Of(Declared, "a"));
    }

    [Fact]
    public void A_model_of_the_catalog_is_one_for_all_tenants()
    {
        var catalog = new ModelDefinition { Name = "openai/gpt-5", Provider = "openai", Model = "gpt-5", ApiKeyVariable = "OPENAI_API_KEY" };
        var upstreams = Make(100);

        upstreams.Of(catalog, "b").ShouldBeSameAs(upstreams.Of(catalog, "a"));
        upstreams.Of(catalog with { Url = "http://localhost:1/v1" }, "b").ShouldNotBeSameAs(upstreams.Of(catalog, "a"));
    }

    [Fact]
    public void Those_not_called_for_longest_are_forgotten()
    {
        var time = new ManualTime();
        var upstreams = new Upstreams(new ResilienceOptions { MaxUpstreams = 20 }, time, _host.GetRequiredService<MinionTelemetry>());
        var first = upstreams.Of(Declared, "0");
        for (var i = 1; i <= 20; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            upstreams.Of(Declared, $"{i}");
        }

        upstreams.Of(Declared, "20").ShouldBeSameAs(upstreams.Of(Declared, "20"));
        upstreams.Of(Declared, "0").ShouldNotBeSameAs(first);
    }

    public void Dispose() => _host.Dispose();

    private Upstreams Make(int most) => new(new ResilienceOptions { MaxUpstreams = most }, TimeProvider.System, _host.GetRequiredService<MinionTelemetry>());
}
