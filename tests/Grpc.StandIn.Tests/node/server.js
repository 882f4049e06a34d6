'use strict';
// The probe service on grpc-js. Prints its port; options as JSON: { gzip }.
const { grpc, ProbeService, endWithParent } = require('./probe');

const notes = new Map();
const options = JSON.parse(process.argv[2] ?? '{}');

const answer = (request, index) => ({
  text: request.text,
  index,
  payload: request.response_size > 0 ? Buffer.alloc(request.response_size) : request.payload,
});

const echoed = (call, request) => {
  const metadata = new grpc.Metadata();
  if (request.echo_metadata) {
    for (const key of Object.keys(call.metadata.getMap()).filter((k) => k.startsWith('x-'))) {
      for (const value of call.metadata.get(key)) {
        metadata.add(key, value);
      }
    }
    call.sendMetadata(metadata);
  }
  return metadata;
};

const failure = (request) => {
  if (request.crash) {
    return { code: grpc.status.UNKNOWN, details: 'Exception was thrown by handler.' };
  }
  if (request.fail === 0) {
    return null;
  }
  const metadata = new grpc.Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from([1, 2, 3, 255]));
  return { code: request.fail, details: request.fail_text, metadata };
};

const waits = (call, request) => {
  if (request.wait) {
    call.on('cancelled', () => notes.set(request.probe, 'cancelled'));
  }
  return request.wait;
};

const service = {
  Unary(call, callback) {
    const request = call.request;
    if (request.ask !== '') {
      return callback(null, { text: notes.get(request.ask) ?? '' });
    }
    const trailers = echoed(call, request);
    if (!waits(call, request)) {
      const error = failure(request);
      error ? callback(error) : callback(null, answer(request, 0), trailers);
    }
  },

  async ServerStream(call) {
    const request = call.request;
    const trailers = echoed(call, request);
    call.on('cancelled', () => notes.set(request.probe, 'cancelled'));
    for (let i = 0; i < request.count && !call.cancelled; i++) {
      if (!call.write(answer(request, i))) {
        await new Promise((resolve) => call.once('drain', resolve));
      }
      notes.set(request.probe, `written ${i + 1}`);
    }
    if (!waits(call, request)) {
      const error = failure(request);
      error ? call.emit('error', error) : call.end(trailers);
    }
  },

  ClientStream(call, callback) {
    let count = 0;
    let texts = '';
    let trailers;
    let done = false;
    const finish = (error) => {
      if (!done) {
        done = true;
        error ? callback(error) : callback(null, { index: count, text: texts }, trailers);
      }
    };
    call.on('data', (request) => {
      if (count === 0) {
        trailers = echoed(call, request);
      }
      count++;
      texts += request.text;
      if (waits(call, request)) {
        done = true;
      }
      const error = failure(request);
      if (error || request.stop) {
        finish(error);
      }
    });
    call.on('end', () => finish(null));
    call.on('error', () => {});
  },

  Duplex(call) {
    let index = 0;
    let trailers;
    let done = false;
    call.on('data', (request) => {
      if (done) {
        return;
      }
      if (index === 0) {
        trailers = echoed(call, request);
      }
      if (waits(call, request)) {
        done = true;
        return;
      }
      const error = failure(request);
      if (error) {
        done = true;
        call.emit('error', error);
      } else if (request.stop) {
        done = true;
        call.end(trailers);
      } else {
        call.write(answer(request, index++));
      }
    });
    call.on('end', () => done || call.end(trailers));
    call.on('error', () => {});
  },
};

endWithParent();
const server = new grpc.Server(options.gzip ? { 'grpc.default_compression_algorithm': 2 } : {});
server.addService(ProbeService.service, service);
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    throw error;
  }
  console.log(JSON.stringify({ port }));
});
