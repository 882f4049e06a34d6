using System.Buffers;
using Grpc.Core;
using Shouldly;
using Xunit;

namespace Grpc.StandIn.Tests;

public sealed class MarshallerTests
{
    [Fact]
    public void A_marshaller_over_contexts_also_serves_arrays()
    {
        var marshaller = Marshallers.Create<byte[]>(
            (message, context) =>
            {
                context.SetPayloadLength(message.Length);
                context.GetBufferWriter().Write(message);
                context.Complete();
            },
            context => context.PayloadAsReadOnlySequence().ToArray());

        marshaller.Serializer([1, 2, 3]).ShouldBe([1, 2, 3]);
        marshaller.Deserializer([4, 5]).ShouldBe([4, 5]);
    }

    [Fact]
    public void A_serializer_that_does_not_complete_is_an_error() =>
        Should.Throw<InvalidOperationException>(() => Marshallers.Create<int>((_, _) => { }, _ => 0).Serializer(1));
}
