using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Schemas;
using Minion.Tools.Sources.Grpc;

namespace Minion.Tools.Tests.Sources.Grpc;

/// <summary>Held against the generated classes and the library's own JSON.</summary>
public sealed class ProtoTests
{
    public static TheoryData<IMessage> Messages =>
    [
        new CallToolRequest { Name = "größe", Arguments = "{}", Step = -5, Call = int.MaxValue, Whole = true, Answers = { new InputAnswer { Id = "a", Approval = new ApprovalAnswer { Approved = true } } } },
        new CallToolResponse { Failure = new Failure { Kind = Failure.Types.Kind.Busy, Message = "x", Retryable = true }, DurationMs = 1.25e-7, WholeBytes = long.MinValue, CostUsd = -0.5 },
        new CallToolResponse { InputRequired = new InputRequired { State = "s", Requests = { new InputRequest { Id = "1", Model = new ModelRequest { MaxTokens = 5, Temperature = 0, StopSequences = { "a", "b" } } } } } },
        new ListToolsResponse { Tools = { new Tool { Name = "a", Permissions = { "x", "" } }, new Tool() } },
        CallToolRequest.Descriptor.File.ToProto(),
        new FileDescriptorProto { PublicDependency = { 1, -2, 3 }, MessageType = { new DescriptorProto { NestedType = { new DescriptorProto { Name = "deep" } } } } },
        new Struct { Fields = { ["a"] = Value.ForList(Value.ForNumber(1.5), Value.ForNull(), Value.ForString("x")) } },
        new Duration { Seconds = 3, Nanos = 500_000_000 },
        new Timestamp { Seconds = 1_767_322_800 },
    ];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Messages_are_read_as_the_library_reads_them(IMessage message) =>
        JsonNode.DeepEquals(ProtoReader.Read(message.Descriptor, message.ToByteArray()), JsonNode.Parse(JsonFormatter.Default.Format(message))).ShouldBeTrue();

    [Theory]
    [MemberData(nameof(Messages))]
    public void Messages_are_written_as_the_library_reads_them(IMessage message)
    {
        var json = JsonElement.Parse(JsonFormatter.Default.Format(message));
        message.Descriptor.Parser.ParseFrom(ProtoWriter.Write(message.Descriptor, json)).ShouldBe(message);
        JsonSchema.Parse(ProtoSchemas.Of(message.Descriptor)).Validate(json).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{ "step": 2147483648 }""", "step")]
    [InlineData("""{ "step": 1.5 }""", "step")]
    [InlineData("""{ "whole": "yes" }""", "whole")]
    [InlineData("""{ "name": 1 }""", "name")]
    [InlineData("""{ "strange": 1 }""", "strange")]
    [InlineData("""{ "answers": [{ "question": { "action": "ACTION_DANCE" } }] }""", "action")]
    public void What_does_not_fit_is_named(string json, string expected) =>
        Should.Throw<FormatException>(() => ProtoWriter.Write(CallToolRequest.Descriptor, JsonElement.Parse(json))).Message.ShouldContain(expected);

    [Fact]
    public void Random_bytes_are_read_or_refused()
    {
        var random = new Random(2026);
        for (var i = 0; i < 5000; i++)
        {
            var bytes = new byte[random.Next(60)];
            random.NextBytes(bytes);
            try
            {
                ProtoReader.Read(FileDescriptorProto.Descriptor, bytes);
            }
            catch (InvalidProtocolBufferException)
            {
                // Refused.
            }
        }
    }
}
