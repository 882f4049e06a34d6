using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Lets a test run an AppHost's entry point and take over its builder and its application.</summary>
internal abstract class EntryPointHook
{
    private static readonly AsyncLocal<EntryPointHook?> Ambient = new();

    /// <summary>Of the entry point that this call stems from.</summary>
    public static EntryPointHook? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>Before the builder reads its settings.</summary>
    public abstract void Configure(DistributedApplicationOptions options, HostApplicationBuilderSettings settings);

    /// <summary>The entry point is done with the builder; returns when the application is to be built.</summary>
    public abstract void Ready(IDistributedApplicationBuilder builder);

    public abstract void Built(DistributedApplication app);
}
