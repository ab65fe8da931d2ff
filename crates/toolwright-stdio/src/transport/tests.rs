use rmcp::model::{RequestId, ServerJsonRpcMessage, ServerResult};
use rmcp::transport::Transport as _;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream, ReadHalf, WriteHalf};

use super::LineTransport;

type Served = LineTransport<ReadHalf<DuplexStream>, WriteHalf<DuplexStream>>;

/// A transport whose pipes hold this many bytes, and the client's end of them.
fn connected(bytes: usize) -> (Served, DuplexStream) {
    let (client, server) = tokio::io::duplex(bytes);
    let (input, output) = tokio::io::split(server);
    (LineTransport::new(input, output).0, client)
}

async fn answer(client: &mut BufReader<DuplexStream>) -> Value {
    let mut line = String::new();
    client.read_line(&mut line).await.unwrap();
    serde_json::from_str(&line).unwrap()
}

#[tokio::test]
async fn a_refusal_is_written_whole_though_receiving_is_interrupted() {
    let (mut transport, mut client) = connected(16);
    let writing = tokio::spawn(async move {
        client.write_all(b"5\n").await.unwrap();
        let mut client = BufReader::new(client);
        let refusal = answer(&mut client).await;
        client.write_all(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n").await.unwrap();
        refusal
    });
    // As rmcp does it: each time something else is ready the future is dropped, and made anew.
    let message = loop {
        tokio::select! {
            biased;
            message = transport.receive() => break message,
            () = tokio::task::yield_now() => {}
        }
    };
    assert!(message.is_some());
    assert_eq!(writing.await.unwrap()["error"]["code"], json!(-32600));
}

#[tokio::test]
async fn every_line_has_its_answer_in_turn() {
    let (mut transport, client) = connected(1024);
    let mut client = BufReader::new(client);
    client.write_all(b"5\nhello\n[]\n{}\n").await.unwrap();
    let receiving = tokio::spawn(async move { transport.receive().await });
    for code in [-32600, -32700, -32600, -32600] {
        assert_eq!(answer(&mut client).await["error"]["code"], json!(code));
    }
    client.shutdown().await.unwrap();
    assert!(receiving.await.unwrap().is_none(), "the end of the input");
}

#[tokio::test]
async fn the_end_of_the_input_is_told() {
    let (client, server) = tokio::io::duplex(64);
    let (input, output) = tokio::io::split(server);
    let (mut transport, mut input_ended) = LineTransport::new(input, output);
    assert!(input_ended.try_recv().is_err());
    drop(client);
    assert!(transport.receive().await.is_none());
    assert_eq!(input_ended.try_recv(), Ok(()));
}

#[tokio::test]
async fn a_client_that_left_before_its_answer_ends_the_session() {
    let (mut transport, mut client) = connected(1024);
    client.write_all(b"5\n").await.unwrap();
    drop(client);
    assert!(transport.receive().await.is_none());
}

#[tokio::test]
async fn a_second_request_under_the_id_of_one_that_waits_is_refused() {
    let (mut transport, client) = connected(4096);
    let mut client = BufReader::new(client);
    let ping = b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n";
    client.write_all(ping).await.unwrap();
    assert!(transport.receive().await.is_some());
    client
        .write_all(&[ping.as_slice(), b"{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"ping\"}\n"].concat())
        .await
        .unwrap();
    assert!(transport.receive().await.is_some(), "the text is another id than the number");
    let refusal = answer(&mut client).await;
    assert_eq!((&refusal["id"], &refusal["error"]["code"]), (&json!(1), &json!(-32600)));
    // The first is answered all the same, and then its id is free.
    let answered = ServerJsonRpcMessage::response(ServerResult::empty(()), RequestId::Number(1));
    transport.send(answered).await.unwrap();
    assert!(answer(&mut client).await["result"].is_object());
    client.write_all(ping).await.unwrap();
    assert!(transport.receive().await.is_some());
}

#[tokio::test]
async fn the_id_of_a_request_that_was_taken_back_is_free() {
    let (mut transport, mut client) = connected(4096);
    let ping = b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n".as_slice();
    let cancel =
        b"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}\n";
    client.write_all(&[ping, cancel, ping].concat()).await.unwrap();
    for _ in 0..3 {
        assert!(transport.receive().await.is_some());
    }
}
