using System.Net;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Network;
using Minion.Tools.Sources;
using Minion.Tools.Sources.Grpc;

namespace Minion.Tools.Tests.Sources.Grpc;

public sealed class GrpcTests : IAsyncLifetime
{
    private WebApplication? _app;

    private string Url => _app!.Urls.Single();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        _app = builder.Build();
        _app.MapGrpcService<Service>();
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync() => await _app!.DisposeAsync();

    [Fact]
    public async Task Methods_become_tools_by_their_descriptor()
    {
        await using var source = Create();
        var tools = await source.ListAsync(TestContext.Current.CancellationToken);
        tools.Select(tool => tool.Description.Name).ShouldBe(["shop_list_tools", "shop_get_tool", "shop_call_tool", "shop_stream_tool_call"]);
        tools.Select(tool => tool.Description.Policy.Effect).ShouldBe([Effect.ReadOnly, Effect.ReadOnly, Effect.SideEffect, Effect.SideEffect]);

        var result = (await tools[2].InvokeAsync("""{ "name": "add", "step": 7, "answers": [{ "id": "a" }] }""", key: "k")).Value();
        result.GetProperty("message").GetProperty("result").GetString().ShouldBe("add 7 a Bearer *** x");
        result.GetProperty("message").GetProperty("wholeBytes").GetString().ShouldBe("9007199254740993");
    }

    [Fact]
    public async Task A_refusal_says_what_the_service_said()
    {
        await using var source = Create();
        var get = await source.ToolAsync("shop_get_tool");
        var failure = (await get.InvokeAsync("""{ "name": "none" }""")).Failure();
        failure.Message.ShouldContain("no such tool");
        (await (await source.ToolAsync("shop_list_tools")).InvokeAsync("{}")).Failure().Message.ShouldContain("Unimplemented");
    }

    [Fact]
    public async Task A_file_is_read_and_only_the_named_methods_are_tools()
    {
        var folder = Directory.CreateTempSubdirectory("minion-grpc-");
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "shop.pb"), DescriptorSet(), TestContext.Current.CancellationToken);
            await using var source = Kind(folder.FullName).Create("shop", $$"""{ "url": "{{Url}}", "file": "shop.pb", "methods": ["minion.tools.v1.ToolService/Get*"] }""");
            (await source.ListAsync(TestContext.Current.CancellationToken)).Select(tool => tool.Description.Name).ShouldBe(["shop_get_tool"]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Settings_are_checked_all_at_once()
    {
        Kind().Problems("""{ "url": "http://x/path", "descriptor": "??", "metadata": { "x-bin": "1" }, "max_messages": 0 }""").Select(problem => problem.Split(' ')[0])
            .ShouldBe(["/url", "/descriptor", "/max_messages", "/metadata/x-bin"]);
        Kind().Problems($$"""{ "url": "http://x", "descriptor": "{{Convert.ToBase64String([1, 2, 3])}}" }""").Single().ShouldContain("protoc");
        Kind().Problems($$"""{ "url": "http://x", "descriptor": "{{Convert.ToBase64String(DescriptorSet())}}", "methods": ["nothing"] }""").Single().ShouldContain("no methods");
    }

    private static SecretReferences Secrets { get; } = new(name => name == "SHOP_TOKEN" ? "geheim" : null);

    private static GrpcSourceKind Kind(string folder = "") => new(
        new AddressGuard(new NetworkOptions()),
        Secrets,
        new SourceFiles(Options.Create(new SourceFileOptions { Folder = folder })));

    private IToolSource Create() => Kind().Create(
        "shop",
        JsonSerializer.Serialize(new
        {
            url = Url,
            descriptor = Convert.ToBase64String(DescriptorSet()),
            read_only = new[] { "ListTools", "*/Get*" },
            auth = new { bearer = "${SHOP_TOKEN}" },
            metadata = new Dictionary<string, string> { ["X-Client"] = "x" },
        }),
        secrets: Secrets);

    private static byte[] DescriptorSet()
    {
        // The wrong way round: what is imported stands after what imports it.
        var files = new List<FileDescriptor> { ToolsReflection.Descriptor };
        for (var i = 0; i < files.Count; i++)
        {
            files.AddRange(files[i].Dependencies.Where(file => !files.Contains(file)));
        }

        return new FileDescriptorSet { File = { files.Select(file => file.ToProto()) } }.ToByteArray();
    }

    private sealed class Service : ToolService.ToolServiceBase
    {
        public override Task<GetToolResponse> GetTool(GetToolRequest request, ServerCallContext context) =>
            throw new RpcException(new Status(StatusCode.NotFound, "no such tool"));

        public override Task<CallToolResponse> CallTool(CallToolRequest request, ServerCallContext context) => Task.FromResult(new CallToolResponse
        {
            Result = $"{request.Name} {request.Step} {request.Answers[0].Id} {context.RequestHeaders.GetValue("authorization")} {context.RequestHeaders.GetValue("x-client")}",
            WholeBytes = 9007199254740993,
        });
    }
}
