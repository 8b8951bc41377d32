//! A client of the broker, such as a feed or a broadcaster would be.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use rumqttc::{Client as Mqtt, Event, MqttOptions, Outgoing, Packet, QoS};

use super::until;

/// A message that was heard.
#[derive(Debug, Clone)]
pub struct Heard {
    pub topic: String,
    pub payload: Vec<u8>,
    pub retained: bool,
}

impl Heard {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.payload).unwrap()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.payload).into_owned()
    }
}

/// A connected client that hears everything on its topics.
pub struct Client {
    mqtt: Mqtt,
    heard: Arc<Mutex<Vec<Heard>>>,
    acked: Arc<AtomicUsize>,
    published: AtomicUsize,
    stop: Arc<AtomicBool>,
}

impl Client {
    /// Connects, and listens to `topics`.
    pub fn connect(port: u16, id: &str, topics: &[&str]) -> Self {
        let mut options = MqttOptions::new(id, "127.0.0.1", port);
        options.set_keep_alive(Duration::from_secs(30)).set_max_packet_size(16 << 20, 16 << 20).set_inflight(60);
        let (mqtt, mut connection) = Mqtt::new(options, 200);
        let (heard, acked, ready) =
            (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let stop = Arc::new(AtomicBool::new(false));
        let wanted: Vec<String> = topics.iter().map(|topic| (*topic).to_owned()).collect();
        let (to, acks, subscribed, halt, again) =
            (heard.clone(), acked.clone(), ready.clone(), stop.clone(), mqtt.clone());
        let topics = wanted.clone();
        thread::spawn(move || {
            for event in connection.iter() {
                match event {
                    Ok(Event::Incoming(Packet::ConnAck(_))) => {
                        for topic in &topics {
                            let _ = again.try_subscribe(topic, QoS::AtLeastOnce);
                        }
                    }
                    Ok(Event::Incoming(Packet::SubAck(_))) => _ = subscribed.fetch_add(1, Ordering::SeqCst),
                    Ok(Event::Incoming(Packet::PubAck(_))) => _ = acks.fetch_add(1, Ordering::SeqCst),
                    Ok(Event::Incoming(Packet::Publish(publish))) => to.lock().unwrap().push(Heard {
                        topic: publish.topic,
                        payload: publish.payload.to_vec(),
                        retained: publish.retain,
                    }),
                    Ok(Event::Outgoing(Outgoing::Disconnect)) => return,
                    Ok(_) => {}
                    Err(_) if halt.load(Ordering::SeqCst) => return,
                    Err(_) => thread::sleep(Duration::from_millis(100)),
                }
            }
        });
        until("the client is subscribed", Duration::from_secs(10), || {
            (ready.load(Ordering::SeqCst) >= wanted.len()).then_some(())
        });
        Self { mqtt, heard, acked, published: AtomicUsize::new(0), stop }
    }

    pub fn publish(&self, topic: &str, payload: impl Into<Vec<u8>>, retain: bool) {
        self.published.fetch_add(1, Ordering::SeqCst);
        self.mqtt.publish(topic, QoS::AtLeastOnce, retain, payload).unwrap();
    }

    /// Waits until the broker has everything that was published.
    pub fn flush(&self) {
        until("the broker has it all", Duration::from_secs(20), || {
            (self.acked.load(Ordering::SeqCst) >= self.published.load(Ordering::SeqCst)).then_some(())
        });
    }

    /// Everything heard so far.
    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    /// What was heard on topics that end so.
    pub fn heard_on(&self, end: &str) -> Vec<Heard> {
        self.heard().into_iter().filter(|heard| heard.topic.ends_with(end)).collect()
    }

    /// Waits for a message.
    pub fn wait_for(&self, what: &str, patience: Duration, is: impl Fn(&Heard) -> bool) -> Heard {
        until(what, patience, || self.heard.lock().unwrap().iter().find(|heard| is(heard)).cloned())
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = self.mqtt.try_disconnect();
    }
}
