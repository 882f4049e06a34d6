using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Minion.Tools.Sources;

namespace Minion.Tools.Tests.Sources;

public sealed class SourceKindsTests
{
    [Fact]
    public void Every_kind_that_is_written_is_registered()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.AddTools();
        var registered = builder.Services.Where(service => service.ServiceType == typeof(IToolSourceKind)).Select(service => service.ImplementationType).ToList();
        var written = typeof(ITool).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IToolSourceKind))
            && type.Namespace!.StartsWith("Minion.Tools.Sources", StringComparison.Ordinal));
        written.ShouldBeSubsetOf(registered!);
    }
}
