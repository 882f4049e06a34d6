using System.Text.Json;
using Google.Protobuf.Reflection;
using Grpc.Net.Client;
using Minion.Tools.Network;

namespace Minion.Tools.Sources.Grpc;

/// <summary>gRPC services by their descriptors; the services themselves need no reflection.</summary>
internal sealed class GrpcSourceKind(AddressGuard guard, SecretReferences secrets, SourceFiles files) : IToolSourceKind
{
    public string Kind => "grpc";

    public IEnumerable<SourceProblem> Check(JsonElement settings)
    {
        var problems = new List<SourceProblem>();
        var read = GrpcSettings.Read(settings, problems);
        if (problems.Count == 0 && read.Descriptor is { } descriptor)
        {
            try
            {
                GrpcDescriptors.Read(descriptor, read.Methods);
            }
            catch (ToolSourceException exception)
            {
                problems.Add(new SourceProblem("/descriptor", $"cannot be used. {exception.Message}"));
            }
        }

        return problems;
    }

    public IToolSource Create(SourceDefinition definition) =>
        new GrpcSource(definition.Name, GrpcSettings.Read(definition.Settings, []), guard, secrets.For(definition.Tenant), files);
}

/// <summary>One gRPC server. Its descriptors only change when the source is declared anew.</summary>
internal sealed class GrpcSource : IToolSource
{
    private readonly string _name;
    private readonly GrpcSettings _settings;
    private readonly TenantSecrets _secrets;
    private readonly SourceFiles _files;
    private readonly GrpcChannel _channel;

    public GrpcSource(string name, GrpcSettings settings, AddressGuard guard, TenantSecrets secrets, SourceFiles files)
    {
        (_name, _settings, _secrets, _files) = (name, settings, secrets, files);
        var host = HostPattern.Of(settings.Address!);
        _channel = GrpcChannel.ForAddress(settings.Address!, new GrpcChannelOptions
        {
            HttpHandler = guard.Permitting(host).OnlyTo(host).CreateHandler(),
            DisposeHttpClient = true,
            MaxReceiveMessageSize = settings.MaxBytes,
        });
    }

    public event EventHandler? Changed
    {
        add { }
        remove { }
    }

    public SourceHealth Health { get; private set; } = new(SourceState.Idle);

    public async ValueTask<IReadOnlyList<ITool>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            var descriptor = _settings.Descriptor ?? await _files.ReadAsync(_settings.File, GrpcSettings.LargestDescriptor, cancellationToken);
            var methods = GrpcDescriptors.Read(descriptor, _settings.Methods);
            var several = methods.Select(method => method.Service.FullName).Distinct().Skip(1).Any();
            var ids = methods.ToDictionary(method => method, method => several ? $"{method.Service.Name} {method.Name}" : method.Name);
            var alike = ids.GroupBy(id => id.Value, StringComparer.Ordinal).Where(group => group.Skip(1).Any()).SelectMany(group => group.Select(id => id.Key)).ToHashSet();
            var names = ToolNames.Of(_name, ids.Select(id => Id(id.Key, id.Value)));
            Health = new SourceHealth(SourceState.Ready);
            return [.. methods.Select(method => new GrpcMethodTool(names[Id(method, ids[method])], method, _settings, _channel.CreateCallInvoker(), _secrets))];

            string Id(MethodDescriptor method, string id) => alike.Contains(method) ? $"{method.Service.FullName} {method.Name}" : id;
        }
        catch (ToolSourceException exception)
        {
            Health = new SourceHealth(SourceState.Failing, exception.Message);
            throw;
        }
    }

    public ValueTask DisposeAsync()
    {
        _channel.Dispose();
        return ValueTask.CompletedTask;
    }
}
